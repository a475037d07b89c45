using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.Connectors.Connect;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>
/// In what form the first start wrote our own records, kept with the log: where nobody sets <c>Formats:Internal</c> all later ones do the same. It chooses Avro where the shop's changes come
/// in Avro, as the registry is needed there anyway; a registry that is only named need not be there. One that was started first by a release which kept
/// none goes on with the binary form, which instances of that release read beside us.
/// </summary>
static class KeptFormat
{
    const string MetadataName = "internal-format";

    /// <summary>What is written by these settings.</summary>
    /// <param name="isFirst">No start came as far as keeping anything.</param>
    public static InternalFormat Of(ServiceOptions options, Func<string, byte[]?> metadata, bool isFirst)
    {
        if (options.InternalFormat is { } told)
        {
            return told;
        }

        return options.Transport is not TransportOptions.Kafka { Registry: not null } cluster ? InternalFormat.Binary
            : isFirst ? (cluster.Connect.Format == SourceFormat.Avro ? InternalFormat.Avro : InternalFormat.Binary)
            : metadata(MetadataName) is { } kept ? Parse(Encoding.UTF8.GetString(kept))
            : InternalFormat.Binary;
    }

    /// <summary>For the commit by which a first start keeps what it has decided.</summary>
    public static (string Name, byte[] Value) Entry(InternalFormat format) => (MetadataName, Encoding.UTF8.GetBytes(format.ToString()));

    static InternalFormat Parse(string text) =>
        Enum.TryParse<InternalFormat>(text, out var format) && Enum.IsDefined(format) ? format : throw new CorruptStateException($"the first start has kept '{text}' as Formats:Internal");
}
