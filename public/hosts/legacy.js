// What libraries of 2008 did to the language.
Array.prototype.remove = function (item) { return this.filter(function (one) { return one !== item }) }
String.prototype.strip = function () { return this.replace(/^\s+|\s+$/g, '') }
window.$ = function (id) { return document.getElementById(id) }
