// A form around the whole page presses its default button when Enter is pressed anywhere in it.
var form = document.getElementById('aspnetForm')
window.searched = 0
form.onkeypress = function (event) {
  if (event.keyCode !== 13 || event.target.tagName === 'TEXTAREA') return true
  document.getElementById('search').click()
  event.cancelBubble = true
  return false
}
form.onsubmit = function () {
  window.searched += 1
  return false
}
