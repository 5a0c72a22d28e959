/** What the browser keeps for this page: the token for as long as its tab, tastes for longer. */

const read = (storage, name) => {
  try {
    return storage().getItem(`vmqtt.${name}`);
  } catch {
    return null; // a browser may keep nothing at all
  }
};

const write = (storage, name, value) => {
  try {
    if (value === null) {
      storage().removeItem(`vmqtt.${name}`);
    } else {
      storage().setItem(`vmqtt.${name}`, value);
    }
  } catch {
    // as above: it is asked again
  }
};

export const remembered = (name) => read(() => localStorage, name);
export const remember = (name, value) => write(() => localStorage, name, value);
export const ofTab = (name) => read(() => sessionStorage, name);
export const keepInTab = (name, value) => write(() => sessionStorage, name, value);
