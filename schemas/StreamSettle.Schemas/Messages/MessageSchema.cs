using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Messages;

/// <summary>A schema by which records of ours are written to topics of ours: a file of <c>schemas</c>, as this release was built with it.</summary>
public sealed class MessageSchema
{
    const int IdMask = int.MaxValue;

    MessageSchema(string file)
    {
        var path = $"schemas/{file}";
        using var resource = typeof(MessageSchema).Assembly.GetManifestResourceStream(file) ?? throw new BrokenInvariantException($"{path} was not built in");
        File = SchemaFile.Parse(path, new StreamReader(resource).ReadToEnd(), out var problem) ?? throw new BrokenInvariantException(problem!.ToString());
        Text = SchemaText.Compact(File.Text);
        LocalId = IdOf(Text);
    }

    public static MessageSchema DeadLetter { get; } = new("dead-letter.avsc");

    public static MessageSchema DeliveryCommand { get; } = new("delivery-command.avsc");

    public static MessageSchema DeliveryResult { get; } = new("delivery-result.avsc");

    public static MessageSchema DueOrder { get; } = new("due-order.avsc");

    public static MessageSchema Hold { get; } = new("hold.avsc");

    public static MessageSchema OperatorCommand { get; } = new("operator-command.avsc");

    public static MessageSchema SettlementFact { get; } = new("settlement-fact.avsc");

    public static IReadOnlyList<MessageSchema> All { get; } = [DeliveryCommand, DeliveryResult, DueOrder, DeadLetter, Hold, OperatorCommand, SettlementFact];

    public SchemaFile File { get; }

    public RecordSchema Schema => File.Schema;

    /// <summary>Without white space, as it is registered.</summary>
    public string Text { get; }

    /// <summary>Its id where no registry gives one: it follows from the text alone, so that it can never come to mean another schema.</summary>
    public int LocalId { get; }

    public override string ToString() => Schema.Name.Full;

    static int IdOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadInt32BigEndian(hash) & IdMask;
    }
}
