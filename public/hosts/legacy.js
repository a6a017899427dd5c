// What libraries of 2008 did to the language.
Object.prototype.each = function (callback) { for (var key in this) callback(this[key], key) }
Array.prototype.toJSON = function () { return '[' + this.join(', ') + ']' }
String.prototype.toJSON = function () { return this.toString() }
Array.prototype.remove = function (item) { return this.filter(function (one) { return one !== item }) }
window.$ = function (id) { return document.getElementById(id) }
