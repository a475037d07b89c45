using System.Text;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>A command that settle gave to delivery, as committed.</summary>
sealed record Call(DeliveryCommandKind Kind, CallKey Key, long Merchant, Lane Lane, UtcInstant DueAt, string? By, string? RequestId, string Body)
{
    public static Call Of(in DeliveryCommand command) => new(
        command.Kind, command.Key, command.Merchant.Value, command.Lane, command.DueAt, command.By, command.RequestId, Encoding.UTF8.GetString(command.Body))
    {
        KeyAccount = command.KeyAccount, InvoiceAt = command.InvoiceAt,
    };

    public string Text => Key.ToString();

    public bool KeyAccount { get; init; }

    public int InvoiceAt { get; init; }
}
