using System.Diagnostics;
using Confluent.Kafka;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Mock;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>What a host meets in the package as it comes, and works around; by the numbers of <c>docs/streamiz.md</c>. A test that fails after an update says that the defect is mended.</summary>
public class HostingDefectTests
{
    /// <summary>Polls after which what is to come by itself would have come.</summary>
    const int Enough = 50;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task D7_after_a_revocation_that_nothing_follows_tasks_that_were_just_made_never_run()
    {
        using var script = new Scripted();
        script.Poll = consumer =>
        {
            if (consumer.Polls == 0)
            {
                consumer.Assign(0, 1);
                consumer.Revoke(1);
            }

            return consumer.Polls == 1 ? Scripted.Record(0, 0) : null;
        };
        await script.StartAsync();

        script.WaitFor(() => script.Count(Scripted.Wait) > Enough || script.Count("process") > 0, "it polls on");
        Assert.Equal((0, KafkaStream.State.REBALANCING), (script.Count("process"), script.State));
    }

    [Fact]
    public async Task D8_after_a_revocation_that_failed_the_thread_polls_no_more()
    {
        using var script = new Scripted();
        script.Process = forward => forward();
        script.Commit = () =>
        {
            if (script.Count("failed") == 0)
            {
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, "the broker is away"));
            }
        };
        script.Poll = consumer =>
        {
            if (consumer.Polls == 0)
            {
                consumer.Assign(0);
            }

            if (script.Count("process") == 1 && script.Count("failed") == 0)
            {
                consumer.Revoke(0);
            }

            return consumer.Polls == 1 ? Scripted.Record(0, 0) : null;
        };
        await script.StartAsync();

        script.WaitFor(() => script.Count("subscribe") == 2, "it subscribes anew");
        var polls = script.Count(Scripted.Wait);
        var since = Stopwatch.GetTimestamp();
        script.WaitFor(() => script.Count(Scripted.Wait) > polls || Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(1), "a hundred times the time of a poll passes");
        Assert.Equal(polls, script.Count(Scripted.Wait));
    }

    [Fact]
    public void D9_a_transformer_behind_two_merged_sources_is_initialized_twice()
    {
        var initialized = new List<MergedTransformer>();
        var bytes = new ByteArraySerDes();
        var builder = new StreamBuilder();
        builder.Stream("a", bytes, bytes).Merge(builder.Stream("b", bytes, bytes))
            .Transform(TransformerBuilder.New<byte[], byte[], byte[], byte[]>().Transformer<MergedTransformer>((Action<MergedTransformer>)initialized.Add).Build(), "transform")
            .To("out", bytes, bytes);
        var config = new StreamConfig(null, NullLoggerFactory.Instance) { ApplicationId = "merged", BootstrapServers = "nowhere" };
        using var driver = new TopologyTestDriver(builder.Build(), config);
        driver.CreateInputTopic("a", bytes, bytes).PipeInput([1], [1]);

        Assert.Equal(2, initialized.Count);
        Assert.Same(initialized[0], initialized[1]);
    }

    [Fact]
    public async Task D10_a_stream_that_is_disposed_of_while_it_starts_ends_the_process()
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(HostingDefectTests).Assembly.GetName().Name!), [DisposedWhileStarting.Verb])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["DOTNET_DbgEnableMiniDump"] = "0" },
        })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("Unexpected state transition from NOT_RUNNING to ERROR", errors + await said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D11_what_fails_while_the_stream_is_stopped_is_forgotten_and_its_outputs_are_committed()
    {
        using var script = new Scripted();
        using var stop = new CancellationTokenSource();
        using var stopping = new ManualResetEventSlim();
        script.Process = forward =>
        {
            forward();
            stopping.Wait(Patience);
            throw new InvalidOperationException("half of the record is done");
        };
        script.Poll = consumer =>
        {
            if (consumer.Polls == 0)
            {
                consumer.Assign(0);
            }

            return consumer.Polls == 1 ? Scripted.Record(0, 0) : null;
        };
        await script.StartAsync(stop.Token);
        script.WaitFor(() => script.Count("produce") == 1, "half of the record is done");
        var closing = stop.CancelAsync();
        script.WaitFor(() => script.State == KafkaStream.State.PENDING_SHUTDOWN, "it is being stopped");
        stopping.Set();
        await closing.WaitAsync(Patience);

        Assert.Equal((0, 1), (script.Count("failed"), script.Count("commit")));
    }

    [Fact]
    public async Task D12_a_record_waits_until_the_poll_has_waited_its_whole_time()
    {
        using var script = new Scripted();
        script.Poll = consumer =>
        {
            if (consumer.Polls == 0)
            {
                consumer.Assign(0);
            }

            if (script.Count("process") == 0 && script.State == KafkaStream.State.RUNNING && script.Count("record") == 0)
            {
                script.Say("record");
                return Scripted.Record(0, 0);
            }

            return null;
        };
        await script.StartAsync();

        script.WaitFor(() => script.Count("process") == 1, "the record is processed");
        Assert.Contains(Scripted.Wait, script.Calls.SkipWhile(call => call != "record").Skip(1).TakeWhile(call => call != "process"));
    }

    [Fact]
    public async Task D13_after_a_poll_that_brought_nothing_the_next_may_wait_longer_than_there_is_time()
    {
        using var script = new Scripted();
        var longest = TimeSpan.Zero;
        script.Poll = consumer =>
        {
            if (consumer.Polls == 0)
            {
                consumer.Assign(0);
            }

            longest = consumer.LongestWait;
            return null;
        };
        await script.StartAsync();

        script.WaitFor(() => script.Count(Scripted.Wait) > Enough, "it polls");
        Assert.True(longest > Scripted.PollTime, $"it waits at most {longest}");
    }
}
