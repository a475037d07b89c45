using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Calls;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Messages;

/// <summary>A state directory, a registry that has what the test gives it, and records of ours.</summary>
sealed class MessageBench : IDisposable, IWriterSchemas
{
    readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("streamsettle-messages-");

    public MessageBench() => Schemas = Open();

    public Microsoft.Extensions.Time.Testing.FakeTimeProvider Time { get; } = new();

    /// <summary>What the registry has; of others it says that it has none.</summary>
    public Dictionary<int, string> Registered { get; } = [];

    /// <summary>How often the registry was asked.</summary>
    public int Asked { get; private set; }

    public MessageSchemas Schemas { get; private set; }

    public string Directory => directory.FullName;

    public string File => Path.Combine(Directory, KeptSchemas.FileName);

    public static DeliveryCommand Command => new()
    {
        Kind = DeliveryCommandKind.Send, Key = new(new(42), Leg.Split, 1), Merchant = new(437), Lane = Lane.Priority, DueAt = new(1_700_000_000_000_000), KeyAccount = true, InvoiceAt = 3, Body = "{\"a\":1}"u8,
    };

    public static DeliveryResult Result { get; } =
        new(DeliveryOutcome.Discarded, new(new(-42), Leg.TaxRefund, 300), new(437), 4, new(-5), "unknown: über", "ann", "r1", "because");

    /// <summary>The next start, on the same directory.</summary>
    public void Restart() => Schemas = Open();

    public byte[] Write(in DeliveryCommand command)
    {
        var to = new ByteBuffer();
        new DeliveryCommandAvro(Schemas).Write(command, new(to));
        return to.Written.ToArray();
    }

    public byte[] Write(in DeliveryResult result) => Write(Schemas, result);

    public static byte[] Write(MessageSchemas by, in DeliveryResult result)
    {
        var to = new ByteBuffer();
        new DeliveryResultAvro(by).Write(result, new(to));
        return to.Written.ToArray();
    }

    /// <summary>The schema with a part of its text replaced: another release's.</summary>
    public static string Other(MessageSchema message, string part, string by)
    {
        Assert.Contains(part, message.Text, StringComparison.Ordinal);
        return message.Text.Replace(part, by, StringComparison.Ordinal);
    }

    /// <summary>A record under another schema's id.</summary>
    public static byte[] Under(int id, ReadOnlySpan<byte> body)
    {
        var to = new ByteBuffer();
        WireFormat.Write(id, to);
        to.Write(body);
        return to.Written.ToArray();
    }

    public AvroSchema? Find(SchemaName name)
    {
        Asked++;
        return name.Id is { } id && Registered.TryGetValue(id, out var text) ? AvroSchema.Parse(text) : null;
    }

    public void Dispose() => directory.Delete(recursive: true);

    MessageSchemas Open() => new(KeptSchemas.Open(directory.FullName, "http://registry"), this, Time);
}
