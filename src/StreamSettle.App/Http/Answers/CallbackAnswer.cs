namespace StreamSettle.App.Http.Answers;

/// <summary>A callback was taken: it is durable. Of one that was told before nothing more is made.</summary>
/// <param name="Key">Of the call that was undone.</param>
sealed record CallbackAnswer(string Key, string State);
