using System.Runtime.InteropServices;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>librdkafka's C interface (rdkafka.h): the calls that go by record. Confluent.Kafka has them too, at about 500 allocated bytes a record.</summary>
internal static unsafe class RecordCalls
{
    public const string Library = "librdkafka";

    [DllImport(Library, ExactSpelling = true)]
    public static extern nint rd_kafka_queue_get_consumer(nint client);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_queue_destroy(nint queue);

    /// <summary>Ends the wait on the queue, or the next one. Thread-safe.</summary>
    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_queue_yield(nint queue);

    [DllImport(Library, ExactSpelling = true)]
    public static extern nint rd_kafka_consume_batch_queue(nint queue, int timeoutMs, NativeMessage** messages, nuint size);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_message_destroy(NativeMessage* message);

    [DllImport(Library, ExactSpelling = true)]
    public static extern long rd_kafka_message_timestamp(NativeMessage* message, int* type);

    [DllImport(Library, ExactSpelling = true)]
    public static extern int rd_kafka_message_headers(NativeMessage* message, nint* headers);

    [DllImport(Library, ExactSpelling = true)]
    public static extern int rd_kafka_header_get_all(nint headers, nuint index, byte** name, byte** value, nuint* size);

    [DllImport(Library, ExactSpelling = true)]
    public static extern nint rd_kafka_headers_new(nuint count);

    [DllImport(Library, ExactSpelling = true)]
    public static extern int rd_kafka_header_add(nint headers, byte* name, nint nameSize, byte* value, nint valueSize);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_headers_destroy(nint headers);

    [DllImport(Library, ExactSpelling = true)]
    public static extern byte* rd_kafka_topic_name(nint topic);

    [DllImport(Library, ExactSpelling = true)]
    public static extern nint rd_kafka_topic_new(nint client, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, nint configuration);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_topic_destroy(nint topic);

    /// <summary>The first and the high watermark as of the last fetch; asks nobody.</summary>
    [DllImport(Library, ExactSpelling = true)]
    public static extern int rd_kafka_get_watermark_offsets(nint client, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, long* low, long* high);

    [DllImport(Library, ExactSpelling = true)]
    public static extern nint rd_kafka_produceva(nint client, ProduceField* fields, nuint count);

    [DllImport(Library, ExactSpelling = true)]
    public static extern int rd_kafka_error_code(nint error);

    [DllImport(Library, ExactSpelling = true)]
    public static extern void rd_kafka_error_destroy(nint error);
}
