namespace StreamSettle.Audit.Notaries;

/// <summary>How far a notary has come with a notarisation.</summary>
public enum NotaryStepKind
{
    /// <summary>Something that costs money is about to be sent: written down before, so that after a crash it is looked for and not sent again as another one.</summary>
    Sending = 1,

    /// <summary>It was sent, and its name is known.</summary>
    Sent = 2,

    /// <summary>It was refused for good: another one has to be sent.</summary>
    Failed = 3,

    /// <summary>The notary has testified: its evidence stands here. Nothing follows.</summary>
    Notarised = 4,
}
