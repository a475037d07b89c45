namespace StreamSettle.Audit.Marten;

/// <summary>Who has the lease.</summary>
/// <param name="Name">For people: process, application, address.</param>
/// <param name="SpokeAt">When it asked the server something last, by the server's clock; null where this role may not see that.</param>
/// <param name="SilentSeconds">How long ago that is.</param>
internal sealed record LeaseHolder(int Pid, string Name, DateTime? SpokeAt, double? SilentSeconds)
{
    /// <summary>Whether it has asked something between two looks: then there is a process behind it.</summary>
    public bool HasSpokenSince(LeaseHolder? before) => before?.Pid == Pid && SpokeAt > before.SpokeAt;
}
