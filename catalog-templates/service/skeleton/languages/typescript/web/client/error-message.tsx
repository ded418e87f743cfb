export function ErrorMessage() {
  return (
    <main role="alert">
      <h1>This page does not work</h1>
      <p>Something went wrong while it was shown. Nothing that you entered was sent.</p>
      <button
        type="button"
        onClick={() => {
          location.reload();
        }}
      >
        Load it again
      </button>
    </main>
  );
}
