// A mistake, and the error it makes.
'use strict';

function amountOf(price) { return price.amount; }

function checkout() { return amountOf(undefined); }

function main() {
  try {
    return checkout();
  } catch (error) {
    return error;
  }
}

exports.failure = main();
