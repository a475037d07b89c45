namespace StreamSettle.Streams.Kafka.Groups;

/// <summary>Told by <see cref="Membership.Poll"/> which partitions of the lead topic come and go.</summary>
internal interface IMembershipListener
{
    void Coming(IReadOnlyList<int> indexes);

    /// <summary>Given up when this returns: others may have them then.</summary>
    void Leaving(IReadOnlyList<int> indexes);

    /// <summary>Others may have them already.</summary>
    void Lost(IReadOnlyList<int> indexes);
}
