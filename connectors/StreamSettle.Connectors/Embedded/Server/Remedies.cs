namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>What messages of several places advise.</summary>
internal static class Remedies
{
    /// <summary>The slot and the state directory do not fit together any more.</summary>
    public const string ReadAnew =
        "Restore the StateDirectory and the source from backups that fit together, or begin anew as for another shop: an empty StateDirectory, "
        + "another Source:SlotName and Audit:Schema, and a Source:CompletedSince (docs/operations.md, \"When the source cannot be followed on\").";
}
