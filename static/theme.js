// Applies the stored theme before the first paint; a file of its own because inline scripts are not allowed.
try {
  const theme = localStorage.getItem('tandem:theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be blocked; the system's theme applies.
}
