using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Lanes;
using Xunit;

namespace StreamSettle.Delivery.Tests.Channels;

public class FairnessTests
{
    static readonly Func<CallClass, bool> All = _ => true;
    static readonly Func<CallClass, bool> KeyAccountsOnly = of => of == CallClass.KeyAccount;

    [Fact]
    public void Room_goes_to_those_who_wait_longest_and_nobody_starves()
    {
        const int Room = 4;
        var admissions = new Admissions();
        var members = Enumerable.Range(0, 3).Select(Member).ToArray();
        var taken = new int[3];
        var holders = new Queue<int>();
        void TakeAll(int at)
        {
            while (Take(admissions, members[at], CallClass.Ordinary, Room - holders.Count, All, demand: 1_000))
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
            admissions.Distribute(Room - holders.Count, All, told);
            told.ForEach(member => TakeAll(member.Partition));
            TakeAll(0);
        }

        Assert.All(taken, count => Assert.InRange(count, 95, 110));
    }

    [Fact]
    public void Room_set_aside_and_not_needed_goes_to_others()
    {
        var admissions = new Admissions();
        var (first, second) = (Member(0), Member(1));
        Assert.False(Take(admissions, first, CallClass.Ordinary, room: 0, All));
        Assert.False(Take(admissions, second, CallClass.Ordinary, room: 0, All));
        List<ChannelMember> told = [];
        admissions.Distribute(1, All, told);
        Assert.Equal([first], told);
        admissions.Return(first.Seats[(int)CallClass.Ordinary]);
        admissions.Distribute(1, All, told);

        Assert.Equal([first, second], told);
        Assert.True(Take(admissions, second, CallClass.Ordinary, room: 1, All));
        Assert.False(Take(admissions, first, CallClass.Ordinary, room: 1, All));
    }

    [Theory]
    [InlineData(0.8, 1)]
    [InlineData(0.8, 7)]
    [InlineData(0.5, 3)]
    [InlineData(0.05, 1)]
    public void While_all_wait_the_priority_lane_gets_its_share_and_no_class_starves(double share, int freed)
    {
        const int Steps = 4_000;
        var admissions = new Admissions(share);
        var member = Member(0);
        var taken = new int[CallClasses.Count];
        for (var step = 0; step < Steps; step++)
        {
            foreach (var of in CallClasses.ByRank)
            {
                Assert.False(Take(admissions, member, of, room: 0, All, demand: 10));
            }

            admissions.Distribute(freed, All, []);
            foreach (var seat in member.Seats)
            {
                for (; seat.Granted > 0; taken[(int)seat.Class]++)
                {
                    Assert.True(Take(admissions, member, seat.Class, room: 0, All));
                    admissions.Release(1);
                }
            }
        }

        double all = taken.Sum();
        Assert.InRange((taken[0] + taken[1]) / all, share - 0.15, share + 0.15);
        Assert.All(taken, count => Assert.True(count > 0, string.Join(", ", taken)));
        Assert.InRange(taken[0] / (double)taken[1], 0.8, 1.25);
    }

    [Fact]
    public void Who_overtakes_alone_gets_all_and_so_do_ordinary_calls_alone()
    {
        foreach (var of in new[] { CallClass.Priority, CallClass.Ordinary })
        {
            var admissions = new Admissions(0.8);
            var member = Member(0);
            Assert.False(Take(admissions, member, of, room: 0, All, demand: 10));
            admissions.Distribute(5, All, []);

            Assert.Equal(5, member.Seats[(int)of].Granted);
        }
    }

    [Fact]
    public void Calls_that_may_not_go_neither_get_room_nor_stand_in_the_way_until_they_may()
    {
        var admissions = new Admissions();
        var (ordinary, key) = (Member(0), Member(1));
        Assert.False(Take(admissions, ordinary, CallClass.Ordinary, room: 0, KeyAccountsOnly));
        Assert.True(Take(admissions, key, CallClass.KeyAccount, room: 1, KeyAccountsOnly));
        List<ChannelMember> told = [];
        admissions.Distribute(10, KeyAccountsOnly, told);
        Assert.Empty(told);
        Assert.Equal(0, admissions.Wanted(KeyAccountsOnly));

        Assert.True(admissions.GrantProbe(10, KeyAccountsOnly, told));
        Assert.Equal((1, 1), (ordinary.Seats[(int)CallClass.Ordinary].Probes, admissions.Probes));
        Assert.False(admissions.GrantProbe(10, KeyAccountsOnly, told));
        admissions.Return(ordinary.Seats[(int)CallClass.Ordinary]);
        Assert.Equal((0, 0), (admissions.Probes, admissions.Granted));

        Assert.False(Take(admissions, ordinary, CallClass.Ordinary, room: 0, KeyAccountsOnly));
        admissions.Distribute(10, All, told);
        Assert.Equal([ordinary, ordinary], told);
    }

    [Fact]
    public void Room_that_was_set_aside_is_taken_back_from_calls_that_may_not_go_any_more()
    {
        var admissions = new Admissions();
        var member = Member(0);
        Assert.False(Take(admissions, member, CallClass.Ordinary, room: 0, All, demand: 4));
        Assert.False(Take(admissions, member, CallClass.KeyAccount, room: 0, All, demand: 4));
        admissions.Distribute(8, All, []);
        admissions.Revoke([member], KeyAccountsOnly);

        Assert.Equal((0, 4, 4), (member.Seats[(int)CallClass.Ordinary].Granted, member.Seats[(int)CallClass.KeyAccount].Granted, admissions.Granted));
    }

    static ChannelMember Member(int partition) => new(partition, _ => { });

    static bool Take(Admissions admissions, ChannelMember member, CallClass of, int room, Func<CallClass, bool> mayGo, int demand = 1) =>
        admissions.TryTake(member.Seats[(int)of], demand, room, mayGo, out _);
}
