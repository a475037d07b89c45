using StreamSettle.App.Watching;

namespace StreamSettle.App.Http.Answers;

/// <summary>How a notary stands.</summary>
/// <param name="Name"><c>ethereum</c> or <c>rfc3161</c>.</param>
/// <param name="State"><c>ok</c>, <c>failing</c>, or <see cref="Elsewhere"/>.</param>
/// <param name="Reason">Why it fails, or what it waits for.</param>
/// <param name="Open">What it has not testified to yet.</param>
/// <param name="OpenSince">When the oldest of that was decided on.</param>
/// <param name="LastAt">When its last testimony was kept.</param>
sealed record NotaryAnswer(string Name, string State, string? Reason, long Open, string? OpenSince, string? LastAt, Health Health)
{
    /// <summary>Another instance asks it.</summary>
    public const string Elsewhere = "elsewhere";
}
