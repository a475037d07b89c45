using System.Globalization;
using CsCheck;
using NodaTime;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Settlement.Tests.Payouts;

/// <summary>The arithmetic against <see cref="NaiveCalendar"/>, over zones with every oddity there is: half hours, midnights and whole dates that do not exist, a minute past midnight that comes twice.</summary>
public class CalendarPropertyTests
{
    static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe",
        "Pacific/Apia", "Pacific/Chatham", "Atlantic/Azores", "Africa/Cairo",
    ];

    static readonly Gen<LocalTime?> CutOffs = Gen.Frequency((1, Gen.Const((LocalTime?)null)), (4, Gen.Int[1, 24 * 60 - 1].Select(minute => (LocalTime?)LocalTime.FromMinutesSinceMidnight(minute))));

    static readonly Gen<HashSet<IsoDayOfWeek>> Weekends = Gen.Int[1, 7].Array[0, 4].Select(days => days.Select(day => (IsoDayOfWeek)day).ToHashSet());

    /// <summary>Instants near a change of the zone's clocks, where it has one, and any others.</summary>
    static Gen<Instant> Nows(DateTimeZone zone) =>
        Gen.Select(Gen.Long[Instant.FromUtc(1996, 1, 1, 0, 0).ToUnixTimeSeconds(), Instant.FromUtc(2029, 1, 1, 0, 0).ToUnixTimeSeconds()], Gen.Int[-3 * 86_400, 86_400], Gen.Bool)
            .Select((any, off, near) =>
            {
                var at = Instant.FromUnixTimeSeconds(any);
                var interval = zone.GetZoneInterval(at);
                return near && interval.HasEnd ? interval.End + Duration.FromSeconds(off) : at;
            });

    static readonly Gen<(string, Instant, HashSet<IsoDayOfWeek>, int[], LocalTime?)> Cases =
        from id in Any.Of(Zones)
        from now in Nows(DateTimeZoneProviders.Tzdb[id])
        from weekend in Weekends
        from holidays in Gen.Int[-2, 12].Array[0, 6]
        from cutOff in CutOffs
        select (id, now, weekend, holidays, cutOff);

    [Fact]
    public void The_next_payout_is_when_looking_at_the_clock_finds_it() => Cases.Sample(
        ((string Id, Instant Now, HashSet<IsoDayOfWeek> Weekend, int[] Holidays, LocalTime? CutOff) given) =>
        {
            var zone = DateTimeZoneProviders.Tzdb[given.Id];
            var holidays = given.Holidays.Select(ahead => given.Now.InZone(zone).Date.PlusDays(ahead)).ToHashSet();
            var calendar = new PayoutCalendar("X", given.Weekend, holidays.ToDictionary(date => date, _ => "day off"), [], 1990, 2035);
            var naive = new NaiveCalendar(zone, given.Weekend, holidays, given.CutOff).Next(given.Now);
            var now = new UtcInstant(given.Now.ToUnixTimeTicks() / 10);
            var next = new PayoutCalendars([calendar]).Next("X", given.Id, CutOff(given.CutOff), now);
            Assert.Equal(naive.ToUnixTimeTicks() / 10, (next is PayoutTime.Later later ? later.At : now).Microseconds);
            Assert.IsNotType<PayoutTime.Unknown>(next);
        },
        iter: 2_000);

    [Fact]
    public void Who_comes_later_never_goes_earlier() => Cases.Sample(
        ((string Id, Instant Now, HashSet<IsoDayOfWeek> Weekend, int[] Holidays, LocalTime? CutOff) given) =>
        {
            var calendar = new PayoutCalendar("X", given.Weekend, new Dictionary<LocalDate, string>(), [], 1990, 2035);
            var calendars = new PayoutCalendars([calendar]);
            var last = UtcInstant.MinValue;
            for (var minute = 0; minute < 36 * 60; minute += 7)
            {
                var now = new UtcInstant((given.Now + Duration.FromMinutes(minute)).ToUnixTimeTicks() / 10);
                var at = calendars.Next("X", given.Id, CutOff(given.CutOff), now) is PayoutTime.Later later ? later.At : now;
                Assert.True(at >= last, string.Create(CultureInfo.InvariantCulture, $"at {now} it is {at}, before that it was {last}"));
                last = at;
            }
        },
        iter: 300);

    static TimeOnly? CutOff(LocalTime? time) => time is { } at ? new TimeOnly(at.TickOfDay) : null;
}
