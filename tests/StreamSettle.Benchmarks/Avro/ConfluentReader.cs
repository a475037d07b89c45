using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Avro.Generic;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace StreamSettle.Benchmarks.Avro;

/// <summary>Confluent's generic deserializer, with a registry on this machine that has one schema.</summary>
sealed class ConfluentReader : IDisposable
{
    readonly HttpListener registry = new();
    readonly CachedSchemaRegistryClient client;
    readonly AvroDeserializer<GenericRecord> deserializer;

    public ConfluentReader(string schema)
    {
        var url = $"http://127.0.0.1:{FreePort()}/";
        registry.Prefixes.Add(url);
        registry.Start();
        registry.BeginGetContext(Answer, new JsonObject { ["schema"] = schema }.ToJsonString());
        client = new(new SchemaRegistryConfig { Url = url });
        deserializer = new(client, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic });
    }

    /// <summary>Reads the record and gives its order's id.</summary>
    public long Read(byte[] record)
    {
        var value = deserializer.DeserializeAsync(record, isNull: false, new SerializationContext(MessageComponentType.Value, "shop.public.orders")).GetAwaiter().GetResult();
        return (long)((GenericRecord)value["after"])["order_id"];
    }

    public void Dispose()
    {
        client.Dispose();
        registry.Close();
    }

    void Answer(IAsyncResult question)
    {
        try
        {
            var context = registry.EndGetContext(question);
            context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
            context.Response.Close(Encoding.UTF8.GetBytes((string)question.AsyncState!), willBlock: false);
            registry.BeginGetContext(Answer, question.AsyncState);
        }
        catch (Exception e) when (e is ObjectDisposedException or HttpListenerException)
        {
            // The measurement is over.
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
