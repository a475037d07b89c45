using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Encryption;

/// <summary>
/// The members of events that may say something of a person: the trace of an invoice, and the words of systems and people. What moves money, and who acted, is not among
/// them: the log must prove it after any request for erasure.
/// </summary>
internal static class PersonalFields
{
    /// <summary>Most of one kind.</summary>
    public const int Most = 2;

    static readonly PersonalField[][] ByKind = Table();

    /// <summary>Of this kind; empty for most.</summary>
    public static ReadOnlySpan<PersonalField> Of(EventKind kind) => ByKind[(int)kind];

    static PersonalField[][] Table()
    {
        var table = Enumerable.Repeat<PersonalField[]>([], EventKinds.All.Count + 1).ToArray();
        // Eight bytes of a hash: whoever guesses an invoice sees by it whether the guess was right.
        table[(int)EventKind.SettlementCalculated] = [new(nameof(SettlementCalculated.InvoiceDigest))];
        table[(int)EventKind.SettlementHeld] = [new(nameof(SettlementHeld.Reason))];
        table[(int)EventKind.SettlementReleased] = [new(nameof(SettlementReleased.Reason))];
        // Systems quote what they were sent, invoices with it.
        table[(int)EventKind.DeliveryFailed] = [new(nameof(DeliveryFailed.Reason), KeepsCode: true)];
        table[(int)EventKind.DeliveryDeadLettered] = [new(nameof(DeliveryDeadLettered.Reason), KeepsCode: true)];
        table[(int)EventKind.DeliveryReturned] = [new(nameof(DeliveryReturned.Reason))];
        table[(int)EventKind.DeliveryReplayed] = [new(nameof(DeliveryReplayed.Note))];
        table[(int)EventKind.DeliveryDiscarded] = [new(nameof(DeliveryDiscarded.Reason), KeepsCode: true), new(nameof(DeliveryDiscarded.Note))];
        return table;
    }
}
