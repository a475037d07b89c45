using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>Recomputes one invariant. Pure: looks at the world, says what it finds.</summary>
internal interface IAuditCheck
{
    string Invariant { get; }

    string Title { get; }

    void Run(AuditContext world, FindingBuilder findings);
}
