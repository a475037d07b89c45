using StreamSettle.Delivery.Channels;
using Xunit;

namespace StreamSettle.Delivery.Tests.Channels;

public class FairnessTests
{
    [Fact]
    public void Room_goes_to_those_who_wait_longest_and_nobody_starves()
    {
        const int Room = 4;
        var admissions = new Admissions();
        var members = Enumerable.Range(0, 3).Select(partition => new ChannelMember(partition, _ => { })).ToArray();
        var taken = new int[3];
        var holders = new Queue<int>();
        void TakeAll(int at)
        {
            while (admissions.TryTake(members[at], demand: 1_000, Room - holders.Count + 0))
            {
                // Started at once, as with free slots: from then on it holds room itself.
                admissions.Release(1);
                holders.Enqueue(at);
                taken[at]++;
            }
        }

        TakeAll(0);
        TakeAll(1);
        TakeAll(2);
        Assert.Equal([4, 0, 0], taken);
        for (var i = 0; i < 300; i++)
        {
            holders.Dequeue();
            var told = new List<ChannelMember>();
            admissions.Distribute(Room - holders.Count, told);
            told.ForEach(member => TakeAll(member.Partition));
            TakeAll(0);
        }

        Assert.All(taken, count => Assert.InRange(count, 95, 110));
    }

    [Fact]
    public void Room_set_aside_and_not_needed_goes_to_others()
    {
        var admissions = new Admissions();
        var (first, second) = (new ChannelMember(0, _ => { }), new ChannelMember(1, _ => { }));
        Assert.False(admissions.TryTake(first, 1, room: 0));
        Assert.False(admissions.TryTake(second, 1, room: 0));
        List<ChannelMember> told = [];
        admissions.Distribute(1, told);
        Assert.Equal([first], told);
        admissions.Return(first);
        admissions.Distribute(1, told);

        Assert.Equal([first, second], told);
        Assert.True(admissions.TryTake(second, 1, room: 1));
        Assert.False(admissions.TryTake(first, 1, room: 1));
    }
}
