using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Topology.Formats;

namespace StreamSettle.App.Composition;

/// <summary>In what form the service's own records are written, and the schemas by which those in Avro are read.</summary>
sealed class MessageFormats
{
    readonly ServiceOptions options;
    readonly MessageSchemas schemas;
    readonly TimeProvider time;

    MessageFormats(ServiceOptions options, InternalFormat written, MessageSchemas schemas, TimeProvider time)
    {
        (this.options, Written, this.schemas, this.time) = (options, written, schemas, time);
        Formats = new(schemas, written == InternalFormat.Avro);
    }

    /// <summary>The form in which this instance writes.</summary>
    public InternalFormat Written { get; }

    public InternalFormats Formats { get; }

    /// <summary>Why records of ours wait to be read; null while none does.</summary>
    public string? HeldBack => schemas.HeldBack;

    /// <param name="written">In what form records are written.</param>
    /// <param name="registry">Null where none is configured, and on the embedded transport: there the state directory is the registry.</param>
    /// <exception cref="UserMistakeException">A later release wrote the file of schemas.</exception>
    public static MessageFormats Open(ServiceOptions options, InternalFormat written, RegistrySchemas? registry, TimeProvider time)
    {
        var origin = options.Transport is TransportOptions.Kafka ? registry?.Address : KeptSchemas.Here;
        return new(options, written, new(KeptSchemas.Open(options.StateDirectory, origin), registry, time), time);
    }

    /// <summary>Gives every schema an id before anything is written by it; on a cluster it waits for the registry, unless the state directory has the ids.</summary>
    /// <param name="tell">Why it waits; null when it does no more.</param>
    /// <inheritdoc cref="MessageRegistration.RunAsync"/>
    public async Task RegisterAsync(Action<string?> tell, CancellationToken stop)
    {
        if (Written != InternalFormat.Avro)
        {
            return;
        }

        if (options.Transport is not TransportOptions.Kafka kafka)
        {
            schemas.UseHere();
            return;
        }

        using var registry = new RegistrySubjects(kafka.Registry ?? throw new BrokenInvariantException("Avro on a cluster without a registry"));
        var subjects = new SchemaSubjects(kafka.Subjects, options.ApplicationId);
        await new MessageRegistration(schemas, registry, message => subjects.Of(message.File), time).RunAsync(tell, stop);
    }
}
