using System.Text;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Audit.Tests.Proofs;

public sealed class MerkleTests
{
    const int Largest = 300;

    static readonly byte[][] Entries = [.. Enumerable.Range(0, Largest).Select(i => Encoding.ASCII.GetBytes($"event {i}{new string('x', i * 7)}"))];
    static readonly TreeHash[] Leaves = [.. Entries.Select(entry => TreeHash.Leaf(entry))];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Heads_are_those_that_Certificate_Transparency_is_tested_by(int size, string head)
    {
        string[] entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        var tree = new MerkleFrontier();
        foreach (var entry in entries.Take(size))
        {
            tree.Append(TreeHash.Leaf(Convert.FromHexString(entry)));
        }

        Assert.Equal((size, head), ((int)tree.Size, tree.Root.ToString()));
    }

    [Fact]
    public void Every_head_is_the_naive_trees()
    {
        var tree = new MerkleFrontier();
        for (var size = 1; size <= Largest; size++)
        {
            tree.Append(Leaves[size - 1]);
            Assert.Equal(TreeHash.Read(NaiveTree.Head(Entries[..size])), tree.Root);
        }
    }

    [Fact]
    public void Every_leaf_of_every_size_has_the_naive_trees_path_which_shows_that_leaf_at_that_place_alone()
    {
        for (var size = 1; size <= Largest; size += size < 70 ? 1 : 23)
        {
            var root = Over(0, size);
            for (var index = 0; index < size; index++)
            {
                var path = MerkleProofs.Inclusion(index, size, Over);
                if (size < 70)
                {
                    Assert.Equal(NaiveTree.Path(index, Entries[..size]).Select(hash => TreeHash.Read(hash)), path);
                }

                Assert.True(MerkleProofs.Includes(root, size, index, Leaves[index], path));
                Assert.False(MerkleProofs.Includes(root, size, index, Leaves[(index + 1) % Largest], path));
                Assert.False(MerkleProofs.Includes(root, size, (index + 1) % size, Leaves[index], path) && size > 1);
                Assert.False(MerkleProofs.Includes(Leaves[0], size, index, Leaves[index], path) && size > 1);
                Assert.False(MerkleProofs.Includes(root, size, index, Leaves[index], [.. path, root]));
                Assert.All(Broken(path), broken => Assert.False(MerkleProofs.Includes(root, size, index, Leaves[index], broken)));
            }
        }
    }

    [Fact]
    public void Every_tree_is_shown_to_be_the_beginning_of_every_later_one_and_of_no_other()
    {
        for (var size = 1; size <= Largest; size += size < 40 ? 1 : 37)
        {
            var root = Over(0, size);
            for (var older = 1; older <= size; older++)
            {
                var path = MerkleProofs.Consistency(older, size, Over);
                Assert.Equal(NaiveTree.Proof(older, Entries[..size]).Select(hash => TreeHash.Read(hash)), path);
                Assert.True(MerkleProofs.Extends(Over(0, older), older, root, size, path));
                Assert.False(MerkleProofs.Extends(Leaves[^1], older, root, size, path));
                Assert.False(MerkleProofs.Extends(Over(0, older), older, Leaves[^1], size, path));
                Assert.All(Broken(path), broken => Assert.False(MerkleProofs.Extends(Over(0, older), older, root, size, broken)));
            }

            Assert.True(MerkleProofs.Extends(TreeHash.Empty, 0, root, size, MerkleProofs.Consistency(0, size, Over)));
            Assert.False(MerkleProofs.Extends(root, size + 1, root, size, []));
        }
    }

    [Fact]
    public void Hashing_and_appending_allocate_nothing()
    {
        var tree = new MerkleFrontier();
        Grow();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Grow();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Grow()
        {
            foreach (var entry in Entries)
            {
                tree.Append(TreeHash.Leaf(entry));
            }

            _ = tree.Root;
        }
    }

    [Fact]
    public void A_path_in_a_log_of_ten_million_is_below_a_kilobyte()
    {
        foreach (var index in (long[])[0, 1, 4_999_999, 9_999_999])
        {
            Assert.InRange(MerkleProofs.Inclusion(index, 10_000_000, (_, _) => TreeHash.Empty).Count * TreeHash.Size, 1, 1024);
        }
    }

    [Fact]
    public void A_hash_reads_back_and_one_of_another_length_is_refused()
    {
        var bytes = new byte[TreeHash.Size];
        Leaves[7].Write(bytes);

        Assert.Equal(Leaves[7], TreeHash.Read(bytes));
        Assert.Contains("31 bytes", Assert.Throws<CorruptStateException>(() => TreeHash.Read(bytes.AsSpan(1))).Message, StringComparison.Ordinal);
    }

    /// <summary>The path without each of its hashes, with each exchanged, and with neighbours swapped.</summary>
    static IEnumerable<IReadOnlyList<TreeHash>> Broken(IReadOnlyList<TreeHash> path)
    {
        for (var at = 0; at < path.Count; at++)
        {
            yield return [.. path.Take(at), .. path.Skip(at + 1)];
            yield return [.. path.Take(at), path[at] with { D = path[at].D ^ 1 }, .. path.Skip(at + 1)];
            if (at > 0)
            {
                yield return [.. path.Take(at - 1), path[at], path[at - 1], .. path.Skip(at + 1)];
            }
        }
    }

    static TreeHash Over(long start, long end)
    {
        var tree = new MerkleFrontier();
        foreach (var leaf in Leaves[(int)start..(int)end])
        {
            tree.Append(leaf);
        }

        return tree.Root;
    }
}
