using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>A stream that an append touches.</summary>
internal sealed class StreamPlan(OrderId order)
{
    readonly List<Guid> known = [];

    public OrderId Order { get; } = order;

    public string Id { get; } = order.ToString();

    /// <summary>It has no row yet.</summary>
    public bool IsNew { get; private set; }

    /// <summary>What is known of it was remembered, not read: it holds if its row still has <see cref="FirstVersion"/>.</summary>
    public bool IsRecalled { get; private set; }

    /// <summary>Before this append.</summary>
    public long FirstVersion { get; private set; }

    public long LastVersion => FirstVersion + Added;

    /// <summary>Events that this append adds to it.</summary>
    public int Added { get; private set; }

    /// <summary>Ids of all its events, those that this append adds too.</summary>
    public IReadOnlyCollection<Guid> Known => known;

    /// <summary>Its order is completed: of most nothing follows.</summary>
    public bool EndsHere { get; private set; }

    public void Recall(RecentStream recent)
    {
        (IsRecalled, FirstVersion) = (true, recent.Version);
        known.AddRange(recent.Ids);
    }

    /// <summary>It was read, and its row is locked.</summary>
    /// <param name="lastVersion">Null where it has no row.</param>
    public void Start(long? lastVersion)
    {
        IsNew = lastVersion is null;
        FirstVersion = lastVersion ?? 0;
    }

    /// <summary>It has an event already.</summary>
    public void Has(Guid id) => known.Add(id);

    /// <summary>Adds an event.</summary>
    /// <returns>Its version; null for one that the stream has.</returns>
    public long? Next(Guid id, EventKind kind)
    {
        if (known.Contains(id))
        {
            return null;
        }

        known.Add(id);
        EndsHere = kind == EventKind.SettlementCompleted;
        Added++;
        return LastVersion;
    }
}
