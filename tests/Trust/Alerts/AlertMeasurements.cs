using System.Diagnostics;

namespace TrustMesh.Tests.Trust.Alerts;

/// <summary>What watching costs at 50,000 devices. Only on demand: numbers are for people.</summary>
public class AlertMeasurements
{
    [Fact]
    public async Task Fifty_thousand_devices_with_forty_five_rules()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("TRUSTMESH_MEASURE") is null, "TRUSTMESH_MEASURE is not set");
        const int devices = 50_000, rules = 40;
        var rig = new AlertRig();
        for (var i = 0; i < rules; i++) await rig.RuleAsync($"rule-{i}", i % 4 == 0 ? $"site:site-{i}* expires<10m -model:camera" : $"status:failed,stale site:site-{i}");
        for (var i = 0; i < devices; i++) rig.Put(i, site: $"site-{i % 100}");
        Say("begin: every device, every rule", await CpuAsync(rig.BeginAsync));
        Say("a step without news", await CpuAsync(() => rig.StepAsync(1)));
        Say("the sweep of what the clock changes (12 rules ask for it)", await CpuAsync(() => rig.StepAsync(10)));
        for (var i = 0; i < 1_000; i++) rig.Put(i * 7, site: $"site-{i * 7 % 100}");
        Say("1,000 devices changed", await CpuAsync(() => rig.StepAsync(1)));
        for (var i = 0; i < devices; i++) rig.Fail(i, site: $"site-{i % 100}");
        Say("all of them fail at once", await CpuAsync(() => rig.StepAsync(1)));
        Say("the sweep while all fail", await CpuAsync(() => rig.StepAsync(10)));
        Say("reading everything anew, and 26 silences over 50,000 devices", await CpuAsync(async () =>
        {
            for (var i = 0; i < 26; i++) await rig.Silences.AddAsync($"site:site-{i}", null, TimeSpan.FromHours(1), "works", "olga", default);
            rig.Acted();
            await rig.StepAsync(11);
        }));
    }

    private static async Task<double> CpuAsync(Func<Task> act)
    {
        var before = Environment.CpuUsage.TotalTime;
        await act();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static void Say(string what, double milliseconds) => TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {milliseconds:0.#} ms of a core");
}
