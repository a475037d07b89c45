using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>Kinds as they are kept.</summary>
internal static class StepKinds
{
    public static string Text(NotaryStepKind kind) => kind switch
    {
        NotaryStepKind.Sending => "sending",
        NotaryStepKind.Sent => "sent",
        NotaryStepKind.Failed => "failed",
        NotaryStepKind.Notarised => "notarised",
        _ => throw new BrokenInvariantException($"unknown step of a notary {kind}"),
    };

    /// <exception cref="CorruptStateException">It is none.</exception>
    public static NotaryStepKind Read(string text) => Enum.GetValues<NotaryStepKind>().Where(kind => Text(kind) == text).Cast<NotaryStepKind?>().FirstOrDefault()
        ?? throw new CorruptStateException($"the event log has a notary's step '{text}', which this release does not know");

    public static string Text(NotarisedKind kind) => kind == NotarisedKind.Seal ? "seal" : "event";
}
