namespace StreamSettle.Sandbox.Auditing;

/// <summary>Where the auditor reads.</summary>
public sealed record DemoAuditorOptions
{
    /// <summary>The shop's database.</summary>
    public required string SourceConnectionString { get; init; }

    /// <summary>The event log's database; null, the default: the shop's.</summary>
    public string? AuditConnectionString { get; init; }

    /// <summary>The event log's schema. Default <c>settlement</c>.</summary>
    public string AuditSchema { get; init; } = "settlement";

    /// <summary>The folder of rule sets; null, the default: no rules, every mark is 24 hours after the completion.</summary>
    public string? RulesDirectory { get; init; }

    public AuditOptions Tolerance { get; init; } = new();
}
