using CsCheck;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Runtime;

public class ExactlyOnceTests
{
    static readonly Gen<Step> AnyStep = Gen.Frequency(
        (8, Gen.Select(Gen.Char['a', 'e'], Gen.Int[0, 9], (letter, number) => (Step)new Step.Word($"{letter}{number}"))),
        (3, Gen.Select(Gen.Char['a', 'c'], Gen.Int[0, 9], (key, value) => (Step)new Step.Fact($"{key}", $"{value}"))),
        (1, Gen.Const((Step)new Step.DieAfterNext())),
        (2, Gen.Int[1, 3].Select(commits => (Step)new Step.AbortNext(commits))),
        (1, Gen.Const((Step)new Step.FailNext())),
        (1, Gen.Const((Step)new Step.Crash())));

    [Fact]
    public void Every_record_counts_once_whatever_commits_are_aborted_or_fail() => Check(hostile: false);

    [Fact]
    public void So_it_does_on_a_log_with_gaps_markers_aborts_replaced_members_and_repeated_records() => Check(hostile: true);

    [Fact]
    public void Who_was_replaced_commits_nothing_not_even_what_only_a_punctuation_wrote()
    {
        var log = new MemoryLog();
        using var driver = new TopologyDriver(Ticking(), new VirtualTime(TextDriver.Start.ToDateTimeOffset()), log: log);
        var positions = new List<int>();
        log.BeforeCommit = commit =>
        {
            // The group goes on without the member between its last poll and its commit.
            log.ExpireMembers("app");
            log.BeforeCommit = null;
            positions.Add(commit.Positions.Count);
        };

        driver.Time.Advance(TimeSpan.FromSeconds(1));
        driver.RunUntilIdle();

        Assert.Equal([1], positions);
        Assert.Empty(driver.ReadTexts("ticks"));
        Assert.Equal(0, log.Commits);
        driver.AdvanceTime(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(driver.ReadTexts("ticks"));
    }

    static void Check(bool hostile) =>
        Gen.Select(AnyStep.Array[1, 40], Gen.Int[1, 4], Gen.Int[0, 1_000_000]).Sample(
            (steps, commitEvery, seed) =>
            {
                using var world = new World(commitEvery, hostile ? new Hostility(new Random(seed)) : null);
                Array.ForEach(steps, world.Take);
                world.CheckTotals();
            },
            iter: 300);

    static Topology Ticking() => new TopologyBuilder()
        .AddTextSource("source", "input")
        .AddProcessor<string, string>("tick", () => new TextProcessor(
            context =>
            {
                var ticks = context.Output<string, string>("ticks-sink");
                context.Schedule(TimeSpan.FromSeconds(1), PunctuationType.WallClockTime, at => ticks.Send("tick", $"{at}", 0));
            },
            (_, _, _) => { }), "source")
        .AddTextSink("ticks-sink", "ticks", "tick")
        .Build("app", 1);

    sealed class World : IDisposable
    {
        readonly TopologyDriver driver;
        readonly List<string> words = [];
        readonly Dictionary<string, string> facts = [];
        int abortsLeft;
        bool failNext;
        bool dieAfterNext;

        public World(int commitEvery, Hostility? hostility)
        {
            var topology = CountingTopology.Build(2, builder => builder.AddGlobalStore("facts", "facts-source", "facts"));
            driver = new(topology, new VirtualTime(TextDriver.Start.ToDateTimeOffset()), new() { CommitEvery = commitEvery }, new MemoryLog(hostility));
            driver.Log.BeforeCommit = _ => Fault();
            driver.Log.AfterCommit = _ => Die();
        }

        public void Take(Step step)
        {
            switch (step)
            {
                case Step.Word(var word):
                    words.Add(word);
                    driver.Append("words", word, word, words.Count);
                    Run();
                    break;
                case Step.Fact(var key, var value):
                    facts[key] = value;
                    driver.Append("facts", key, value, words.Count);
                    Run();
                    break;
                case Step.DieAfterNext:
                    dieAfterNext = true;
                    break;
                case Step.AbortNext(var commits):
                    abortsLeft = commits;
                    break;
                case Step.FailNext:
                    failNext = true;
                    break;
                case Step.Crash:
                    driver.Crash();
                    break;
            }
        }

        public void CheckTotals()
        {
            (abortsLeft, failNext, dieAfterNext) = (0, false, false);
            Run();
            var expected = words.GroupBy(word => word[..1]).SelectMany(letter => Enumerable.Range(1, letter.Count()).Select(count => $"{letter.Key}={count}"));
            var written = driver.ReadTexts("counts-out").Select(text => text[..text.IndexOf('@', StringComparison.Ordinal)]);
            Assert.Equal(expected.Order(), written.Order());
            Assert.All(facts, fact => Assert.Equal(fact.Value, driver.GlobalStore("facts").Get(fact.Key)));
        }

        public void Dispose() => driver.Dispose();

        void Run()
        {
            try
            {
                driver.RunUntilIdle();
            }
            catch (IOException)
            {
                // As a process that died in its commit: the next one goes on.
                driver.Crash();
            }
        }

        void Die()
        {
            if (dieAfterNext)
            {
                dieAfterNext = false;
                throw new IOException("planted after the commit");
            }
        }

        void Fault()
        {
            if (failNext)
            {
                failNext = false;
                throw new IOException("planted");
            }

            if (abortsLeft-- > 0)
            {
                throw new TransactionAbortedException("planted");
            }
        }
    }

    abstract record Step
    {
        public sealed record Word(string Text) : Step;
        public sealed record AbortNext(int Commits) : Step;
        public sealed record FailNext : Step;
        public sealed record Crash : Step;

        /// <summary>A record of the global store's topic.</summary>
        public sealed record Fact(string Key, string Value) : Step;

        /// <summary>The next commit is applied, but its client never hears of it.</summary>
        public sealed record DieAfterNext : Step;
    }
}
