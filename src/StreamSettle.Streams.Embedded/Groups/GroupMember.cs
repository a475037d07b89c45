namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>One stream thread in its group.</summary>
internal sealed class GroupMember(string name, IReadOnlyList<TopicSet> sets, WakeSignal signal)
{
    public string Name { get; } = name;

    public IReadOnlyList<TopicSet> Sets { get; } = sets;

    /// <summary>Told when the assignment changes.</summary>
    public WakeSignal Signal { get; } = signal;

    /// <summary>The group's version that this member has acted on; its own thread's.</summary>
    public int SeenVersion { get; set; } = -1;
}
