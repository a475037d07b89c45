namespace StreamSettle.Sandbox.Auditing.Report;

/// <summary>What the auditor says about an invariant.</summary>
public enum Verdict
{
    Holds,
    Broken,

    /// <summary>There was nothing to look at.</summary>
    NotChecked,
}
