namespace StreamSettle.App.Http.Answers;

/// <summary>Firing goes on.</summary>
/// <param name="By">Name of the key.</param>
/// <param name="Since">The wall clock when the jump was noticed.</param>
/// <param name="Jump">By how much, positive for forward.</param>
sealed record ClockResumedAnswer(string By, string Since, TimeSpan Jump);
