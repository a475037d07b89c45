using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>One instance in a process of its own: says on its output what its log says, and stops in good order when its input ends.</summary>
static class HostedInstance
{
    public const string Verb = "instance";

    /// <summary>The line that tells of all tasks running, followed by their number.</summary>
    public const string Running = "running ";

    static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    /// <param name="args">Bootstrap, application, prefix, partitions, threads, instance, directory, standbys, transaction time-out in ms, whether exactly once, then client settings as <c>name=value</c>.</param>
    /// <param name="open">Makes the application, whoever hosts it.</param>
    public static async Task<int> RunAsync(string[] args, HostedOpening open)
    {
        var options = new KafkaLogOptions
        {
            BootstrapServers = args[0], ApplicationId = args[1], InstanceId = args[5], Directory = args[6], Standbys = int.Parse(args[7], CultureInfo.InvariantCulture),
            TransactionTimeout = TimeSpan.FromMilliseconds(int.Parse(args[8], CultureInfo.InvariantCulture)),
            ExactlyOnce = bool.Parse(args[9]),
            Client = args[10..].Select(setting => setting.Split('=', 2)).ToDictionary(setting => setting[0], setting => setting[1]),
        };
        var topology = DelayingTopology.Build(args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        var logger = new ConsoleLog();
        await using var log = KafkaLog.Open(options, TimeProvider.System, logger);
        await using var app = open(topology, log, new() { Threads = int.Parse(args[4], CultureInfo.InvariantCulture), CommitInterval = TimeSpan.FromMilliseconds(20) }, logger);
        app.Start();
        var ended = Task.Run(Console.In.ReadToEnd);
        var running = -1;
        while (!ended.IsCompleted && !app.Completion.IsCompleted)
        {
            var now = app.Metrics().Threads.Sum(thread => thread.Tasks.Count(task => task.State == Streams.Tasks.TaskState.Running));
            if (now != running)
            {
                running = now;
                Console.WriteLine(Running + running.ToString(CultureInfo.InvariantCulture));
            }

            await Task.WhenAny(ended, app.Completion, Task.Delay(LookPause));
        }

        await app.StopAsync();
        await app.Completion;
        return 0;
    }

    sealed class ConsoleLog : ILogger<StreamsApp>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {eventId.Id} {formatter(state, exception)} {exception?.Message}"));
            }
        }
    }
}
