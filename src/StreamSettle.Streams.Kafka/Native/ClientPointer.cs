using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>
/// The <c>rd_kafka_t</c> of a Confluent.Kafka client, which lets nobody have it: by name, checked when the first client is made. The pointer is good as long as
/// the client is not disposed. Whoever calls librdkafka has one, so the library is found here too.
/// </summary>
internal static class ClientPointer
{
    static ClientPointer() => NativeLibrary.SetDllImportResolver(typeof(ClientPointer).Assembly, LoadedLibrary);

    public static nint Of(Handle handle) => ((SafeHandle)LibrdkafkaHandle(handle)).DangerousGetHandle();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    static extern object LibrdkafkaHandle(Handle handle);

    /// <summary>The package has several builds for one system, and Confluent.Kafka chooses by what it finds there: the one that it has loaded is the one.</summary>
    static nint LoadedLibrary(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != RecordCalls.Library)
        {
            return 0;
        }

        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.ModuleName.Contains(RecordCalls.Library, StringComparison.Ordinal));
        return loaded is null ? 0 : NativeLibrary.Load(loaded.FileName);
    }
}
