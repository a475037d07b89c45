using CsCheck;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Runtime;

public class ExactlyOnceTests
{
    static readonly Gen<Step> AnyStep = Gen.Frequency(
        (8, Gen.Select(Gen.Char['a', 'e'], Gen.Int[0, 9], (letter, number) => (Step)new Step.Word($"{letter}{number}"))),
        (2, Gen.Int[1, 3].Select(commits => (Step)new Step.AbortNext(commits))),
        (1, Gen.Const((Step)new Step.FailNext())),
        (1, Gen.Const((Step)new Step.Crash())));

    [Fact]
    public void Every_record_counts_once_whatever_commits_are_aborted_or_fail() =>
        Gen.Select(AnyStep.Array[1, 40], Gen.Int[1, 4]).Sample(
            (steps, commitEvery) =>
            {
                using var world = new World(commitEvery);
                Array.ForEach(steps, world.Take);
                world.CheckTotals();
            },
            iter: 300);

    sealed class World : IDisposable
    {
        readonly TopologyDriver driver;
        readonly List<string> words = [];
        int abortsLeft;
        bool failNext;

        public World(int commitEvery)
        {
            driver = new(CountingTopology.Build(2), new VirtualTime(TextDriver.Start.ToDateTimeOffset()), new() { CommitEvery = commitEvery });
            driver.Log.BeforeCommit = _ => Fault();
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
            (abortsLeft, failNext) = (0, false);
            Run();
            var expected = words.GroupBy(word => word[..1]).SelectMany(letter => Enumerable.Range(1, letter.Count()).Select(count => $"{letter.Key}={count}"));
            var written = driver.ReadTexts("counts-out").Select(text => text[..text.IndexOf('@', StringComparison.Ordinal)]);
            Assert.Equal(expected.Order(), written.Order());
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
    }
}
