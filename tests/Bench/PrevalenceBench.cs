using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Measured;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>What it costs to know how common measured values are: 10,000 devices with 20 names each, one of which has a value of its own on every device.</summary>
internal static class PrevalenceBench
{
    private const int Count = 10_000, Names = 20, Rounds = 7;

    public static IReadOnlyList<Row> Run()
    {
        var entries = Enumerable.Range(0, Count).Select(Entry).ToArray();
        // Beside it the same directory of devices that measured nothing.
        var (plain, plainBytes, _) = Filled([.. entries.Select(entry => entry with { Measured = default })]);
        var (counted, countedBytes, fill) = Filled(entries);
        var same = Median(() => { foreach (var entry in entries) counted.Put(entry with { Version = entry.Version + 1, Measured = entry.Measured.ToArray() }); });
        var none = Median(() => { foreach (var entry in entries) plain.Put(entry with { Version = entry.Version + 1, Measured = default }); });
        var state = Current(7);
        var keys = Median(() => { for (var i = 0; i < 1_000; i++) MeasuredKeys.Of(state, []); });
        var ask = Median(() => { for (var i = 0; i < 1_000; i++) foreach (var (name, digest) in state) counted.Prevalence.Find("press", MeasuredKeys.Name(name), digest.Span); });
        (string, ulong, IReadOnlySet<ulong>)[] accepted = [.. state.Skip(1).Select(file => (file.Key, MeasuredKeys.Name(file.Key), (IReadOnlySet<ulong>)new HashSet<ulong> { 1 }))];
        var outliers = Median(() => counted.Prevalence.Outliers("press", accepted));
        GC.KeepAlive(plain);
        return
        [
            new($"prevalence of {Names} values on a device's page, {CapacityBench.Say(Count)} devices", $"{Say(ask)} µs", $"{Say(outliers)} ms for all outliers of a model", "no scan"),
            new($"a proof that changes nothing, in the directory", $"{Say(same * 1_000 / Count)} µs", $"{Say(none * 1_000 / Count)} µs without; {Say(keys)} µs to make the keys of {Names} names", ""),
            new($"memory of it, {CapacityBench.Say(Count)} devices, one of {Names} values different on each", $"{Say((countedBytes - plainBytes) / (double)Count)} B each", $"filled in {Say(fill)} ms", "well under 4 KB"),
            new("(machine)", MachineLoad.Say(), $"{Environment.ProcessorCount} cores", ""),
        ];
    }

    private static (DeviceDirectory Directory, long Bytes, double Milliseconds) Filled(DeviceEntry[] entries)
    {
        var before = GC.GetTotalMemory(true);
        var directory = new DeviceDirectory(TimeProvider.System);
        var cpu = Environment.CpuUsage.TotalTime;
        foreach (var entry in entries) directory.Put(entry with { Measured = entry.Measured.ToArray() });
        var spent = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        return (directory, GC.GetTotalMemory(true) - before, spent);
    }

    private static DeviceEntry Entry(int number)
        => new(
            DeviceId.FromRootKey(BitConverter.GetBytes(number)), $"press-{number}", "oslo", "press", AssuranceTier.TpmQuote, Standing.Active, TrustTier.Affirming, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch, null, 1)
        { Measured = MeasuredKeys.Of(Current(number), []) };

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Current(int number)
        => Enumerable.Range(0, Names).ToImmutableSortedDictionary(
            name => $"/opt/press/lib/module-{name:00}.so", name => (ReadOnlyMemory<byte>)SHA256.HashData(Encoding.UTF8.GetBytes(name == 0 ? $"own {number}" : number % 50 == name ? "another" : "the same")), StringComparer.Ordinal);

    /// <summary>Milliseconds of the processor's time.</summary>
    private static double Median(Action act)
    {
        act();
        return Enumerable.Range(0, Rounds).Select(_ =>
        {
            var before = Environment.CpuUsage.TotalTime;
            act();
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }).Order().ElementAt(Rounds / 2);
    }

    private static string Say(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
