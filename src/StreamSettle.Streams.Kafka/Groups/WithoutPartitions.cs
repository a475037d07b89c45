namespace StreamSettle.Streams.Kafka.Groups;

/// <summary>Tells a member that the group gives no partition, and commits nothing for that, from one that the group does not answer. For one thread.</summary>
internal sealed class WithoutPartitions(KafkaParts parts, string group, string transactionalId)
{
    /// <summary>Whoever begins anew has none for a moment each time.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly long since = parts.Time.GetTimestamp();

    public void Look(Membership membership)
    {
        if (parts.Time.GetElapsedTime(since) < Patience)
        {
            return;
        }

        if (membership.HasAnswer)
        {
            parts.Health.Happened(transactionalId);
        }
        else
        {
            parts.Health.Failed(
                transactionalId,
                $"the group '{group}' has not said for {Patience.TotalSeconds:0} s which partitions are this member's: its coordinator does not answer, or another member does not come back from its work");
        }
    }
}
