using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JasperFx;
using JasperFx.Events;
using Marten;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Projections;
using Weasel.Core;

namespace StreamSettle.Audit.Marten;

/// <summary>How Marten opens the event log: for the service, and for an auditor's own program.</summary>
public static class SettlementEventStore
{
    /// <summary>Sets stream identity, event types, JSON, and the projections' documents. Set the connection yourself; projections and documents may be added.</summary>
    /// <remarks>The schema is left as it is (<see cref="AutoCreate.None"/>): only the service migrates it, and a reader needs no more than SELECT.</remarks>
    /// <param name="schema">The service's <c>Audit:Schema</c>.</param>
    /// <param name="keys">What opens personal data; without it encrypted fields stand there as they are stored.</param>
    public static void Configure(StoreOptions options, string schema, AuditFieldKeys? keys = null)
    {
        options.DatabaseSchemaName = schema;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Events.DatabaseSchemaName = schema;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Events.AddEventTypes(EventKinds.Types);
        ViewStorage.Documents(options);
        var json = new JsonSerializerOptions(EventJson.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(EventJson.Options.TypeInfoResolver, new DefaultJsonTypeInfoResolver()),
        };
        foreach (var converter in keys is null ? [] : Converters(keys))
        {
            json.Converters.Add(converter);
        }

        options.UseSystemTextJsonForSerialization(json, EnumStorage.AsString, Casing.Default);
    }

    static IEnumerable<JsonConverter> Converters(AuditFieldKeys keys) => EventKinds.All.Where(kind => !Encryption.PersonalFields.Of(kind).IsEmpty)
        .Select(kind => (JsonConverter)Activator.CreateInstance(typeof(OpeningConverter<>).MakeGenericType(kind.ClrType()), kind, keys)!);
}
