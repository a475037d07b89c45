using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Rules;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>Everything the auditor looks at, as plain records: what the shop says, what the downstream systems saw, what the log says.</summary>
public sealed record AuditWorld
{
    /// <summary>When all of it was read.</summary>
    public required UtcInstant Now { get; init; }

    public required IReadOnlyList<SourceOrder> Orders { get; init; }

    public required IReadOnlyList<SourceMerchant> Merchants { get; init; }

    /// <summary>By arrival.</summary>
    public required IReadOnlyList<EffectEntry> Effects { get; init; }

    public required IReadOnlyList<EventStream> Streams { get; init; }

    public required DelayRules Delays { get; init; }

    /// <summary>The systems' own counts; empty where they are not known (I11 is then not checked).</summary>
    public IReadOnlyList<DownstreamStats> Stats { get; init; } = [];
}
