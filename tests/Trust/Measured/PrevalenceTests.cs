using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Measured;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Measured;

public sealed class PrevalenceTests
{
    private readonly DeviceDirectory directory = new(TimeProvider.System);

    [Fact]
    public void Counts_are_those_of_the_active_devices_however_they_came_about()
    {
        var random = new Random(11);
        var versions = new Dictionary<int, long>();
        var now = new Dictionary<int, DeviceEntry>();
        T One<T>(params T[] of) => of[random.Next(of.Length)];
        for (var step = 0; step < 4_000; step++)
        {
            var device = random.Next(60);
            var entry = Entry(device, versions[device] = versions.GetValueOrDefault(device) + 1, One("press", "camera"), One(Standing.Active, Standing.Active, Standing.Pending, Standing.Suspended, Standing.Revoked),
                [.. Enumerable.Range(0, random.Next(5)).Select(name => ($"/etc/{name}", random.Next(4) == 0 ? null : $"v{random.Next(3)}"))]);
            directory.Put(now[device] = entry);
            // What comes late changes nothing.
            if (random.Next(3) == 0) directory.Put(Entry(device, versions[device] - 1, "press", Standing.Active, ("/etc/0", "late")));
        }
        foreach (var model in new[] { "press", "camera", "nobody" })
            foreach (var name in Enumerable.Range(0, 6).Select(name => $"/etc/{name}"))
                foreach (var value in new[] { "v0", "v1", "v2", "late", null })
                {
                    var measuring = now.Values.Where(entry => entry.Standing == Standing.Active && entry.Model == model && Has(entry, name, null, any: true)).ToList();
                    Assert.Equal((measuring.Count(entry => Has(entry, name, value, any: false)), measuring.Count), Counted(Find(model, name, value)));
                }
    }

    [Fact]
    public void Only_who_was_let_in_counts_so_that_nobody_makes_a_value_look_common()
    {
        for (var i = 0; i < 20; i++) directory.Put(Entry(i, 1, "press", Standing.Active, ("/app", i == 7 ? "odd" : "good")));
        for (var i = 20; i < 400; i++) directory.Put(Entry(i, 1, "press", Standing.Pending, ("/app", "odd")));
        Assert.Equal((1, 20, true), Say(Find("press", "/app", "odd")));
        Assert.Equal((19, 20, false), Say(Find("press", "/app", "good")));
        directory.Put(Entry(7, 2, "press", Standing.Revoked, ("/app", "odd")));
        Assert.Equal((0, 19, true), Say(Find("press", "/app", "odd")));
    }

    [Fact]
    public void A_device_counts_once_for_a_name_and_many_names_of_it_are_not_many_devices()
    {
        var keys = MeasuredKeys.Of(Current([.. Enumerable.Range(0, 1_000).Select(name => ($"/etc/{name:0000}", (string?)"same"))]), [new(0, new byte[32])]);
        Assert.Equal(MeasuredKeys.Most, MeasuredKeys.Count(keys.Span));
        var names = Enumerable.Range(0, MeasuredKeys.Most).Select(i => MeasuredKeys.At(keys.Span, i).Name).ToList();
        Assert.Equal(MeasuredKeys.Register(0), names[0]);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Theory]
    [InlineData(0, 3, false)]
    [InlineData(1, 3, false)]
    [InlineData(1, 4, true)]
    [InlineData(2, 4, false)]
    [InlineData(2, 39, false)]
    [InlineData(2, 40, true)]
    [InlineData(60, 1210, true)]
    [InlineData(61, 1210, false)]
    public void Rare_is_one_in_twenty_or_the_only_one(int seen, int of, bool rare) => Assert.Equal(rare, new ValueShare(seen, of, of - seen).IsRare);

    [Theory]
    [InlineData(8, 2, true)]
    [InlineData(8, 1, false)]
    [InlineData(100, 25, true)]
    [InlineData(100, 24, false)]
    public void Where_no_value_is_that_of_a_quarter_each_device_has_its_own_and_none_is_rare(int of, int most, bool rare) => Assert.Equal(rare, new ValueShare(1, of, most).IsRare);

    [Fact]
    public void Registers_are_counted_as_files_are_and_a_machine_id_in_one_makes_nobody_an_outlier()
    {
        for (var i = 0; i < 40; i++)
            directory.Put(Entry(i, 1, "press", Standing.Active) with { Measured = MeasuredKeys.Of(Current(("/app", "good")), [Pcr(7, i == 3 ? "odd" : "good"), Pcr(10, $"{i}"), Pcr(15, $"id of {i}")]) });
        // Without a TPM, and with files that are called like what it is not.
        directory.Put(Entry(40, 1, "press", Standing.Active, ("PCR 7", "odd"), ("\u0007", "odd"), ("/app", "good")));
        ValueShare Share(int pcr, string value) => directory.Prevalence.Find("press", MeasuredKeys.Register(pcr), Digest(value).Span);
        Assert.Equal((1, 40, true), Say(Share(7, "odd")));
        Assert.Equal((39, 40, false), Say(Share(7, "good")));
        Assert.Equal((1, 40, false), Say(Share(15, "id of 3")));
        // What grows would be another value with every proof, and is not counted.
        Assert.Equal((0, 0, false), Say(Share(10, "3")));
        Assert.Equal((41, 41, false), Say(Find("press", "/app", "good")));
        var outlier = Assert.Single(directory.Prevalence.Outliers("press", [("PCR 7", MeasuredKeys.Register(7), Set("good"))]));
        Assert.Equal((Id(3), 1, true), (outlier.Last, outlier.Share.Seen!.Value, outlier.Share.IsRare));
    }

    [Fact]
    public void A42_A_name_with_a_value_for_each_device_costs_a_bounded_number_of_them_and_is_right_again_when_they_are_gone()
    {
        const int many = Prevalence.MostValues + 200;
        for (var i = 0; i < many; i++) directory.Put(Entry(i, 1, "press", Standing.Active, ("/etc/hostname", $"press-{i}"), ("/app", "good")));
        Assert.Equal((1, many), Counted(Find("press", "/etc/hostname", "press-0")));
        // One that came too late to be told apart, and one that nobody has: both may be.
        Assert.Equal((null, many), Counted(Find("press", "/etc/hostname", $"press-{many - 1}")));
        Assert.Equal((many, many), Counted(Find("press", "/app", "good")));
        for (var i = 0; i < many; i++) directory.Put(Entry(i, 2, "press", Standing.Active, ("/etc/hostname", "press"), ("/app", "good")));
        for (var i = 0; i < many; i++) directory.Put(Entry(i, 3, "press", Standing.Active, ("/etc/hostname", $"again-{i % 10}"), ("/app", "good")));
        Assert.Equal(many, Enumerable.Range(0, 10).Sum(i => Find("press", "/etc/hostname", $"again-{i}").Seen));
        Assert.Equal((0, many), Counted(Find("press", "/etc/hostname", "press")));
        // Half of them different again, the other half the same: nobody is counted twice.
        for (var i = 0; i < many; i++) directory.Put(Entry(i, 4, "press", Standing.Active, ("/etc/hostname", i % 2 == 0 ? "even" : $"odd-{i}"), ("/app", "good")));
        Assert.Equal((many / 2, many), Counted(Find("press", "/etc/hostname", "even")));
    }

    [Fact]
    public async Task Entries_that_change_at_the_same_time_are_counted_as_they_end()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (worker, _) =>
        {
            await Task.Yield();
            for (var version = 1; version <= 2_000; version++)
                directory.Put(Entry(version % 7, version * 8 + worker, "press", (version + worker) % 3 == 0 ? Standing.Suspended : Standing.Active, ("/app", $"v{(version * 8 + worker) % 5}")));
        });
        var active = directory.Entries.Where(entry => entry.Standing == Standing.Active).ToList();
        for (var value = 0; value < 5; value++) Assert.Equal((active.Count(entry => Has(entry, "/app", $"v{value}", any: false)), active.Count), Counted(Find("press", "/app", $"v{value}")));
    }

    [Fact]
    public void Outliers_are_what_is_not_accepted_the_most_common_first()
    {
        for (var i = 0; i < 30; i++) directory.Put(Entry(i, 1, "press", Standing.Active, ("/app", i < 20 ? "good" : i < 29 ? "update" : "odd"), ("/etc/any", $"{i}")));
        var found = directory.Prevalence.Outliers("press", [("/app", MeasuredKeys.Name("/app"), Set("good")), ("/never", MeasuredKeys.Name("/never"), Set())]);
        Assert.Equal([(9, false), (1, true)], found.Select(one => (one.Share.Seen!.Value, one.Share.IsRare)));
        Assert.Equal(Id(29), found[1].Last);
        Assert.Empty(directory.Prevalence.Outliers("camera", [("/app", MeasuredKeys.Name("/app"), Set())]));
    }

    private ValueShare Find(string model, string name, string? value) => directory.Prevalence.Find(model, MeasuredKeys.Name(name), Digest(value).Span);

    private static (int?, int) Counted(ValueShare share) => (share.Seen, share.Of);

    private static PcrValue Pcr(int index, string content) => new(index, Digest(content));

    private static IReadOnlySet<ulong> Set(params string[] contents) => contents.Select(one => MeasuredKeys.Value(Digest(one).Span)).ToHashSet();

    private static (int?, int, bool) Say(ValueShare share) => (share.Seen, share.Of, share.IsRare);

    private static bool Has(DeviceEntry entry, string name, string? value, bool any)
    {
        for (var i = 0; i < MeasuredKeys.Count(entry.Measured.Span); i++)
            if (MeasuredKeys.At(entry.Measured.Span, i) is var key && key.Name == MeasuredKeys.Name(name) && (any || key.Value == MeasuredKeys.Value(Digest(value).Span))) return true;
        return false;
    }

    private static DeviceEntry Entry(int number, long version, string model, Standing standing, params (string Name, string? Content)[] files)
        => new(Id(number), $"{model}-{number}", "oslo", model, AssuranceTier.Software, standing, TrustTier.Affirming, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch, null, version) { Measured = MeasuredKeys.Of(Current(files), []) };

    private static DeviceId Id(int number) => DeviceId.FromRootKey(BitConverter.GetBytes(number));

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Current(params (string Name, string? Content)[] files)
        => files.ToImmutableSortedDictionary(file => file.Name, file => Digest(file.Content), StringComparer.Ordinal);

    /// <summary>Of an absent file, nothing.</summary>
    private static ReadOnlyMemory<byte> Digest(string? content) => content is null ? default : SHA256.HashData(Encoding.UTF8.GetBytes(content));
}
