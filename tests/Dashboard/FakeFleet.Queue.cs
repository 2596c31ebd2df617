using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What devices of a <see cref="FakeFleet"/> that wait have proven.</summary>
public sealed partial class FakeFleet
{
    /// <summary>A certificate that has ended, one that ends soon, and a name that is hostile.</summary>
    public SettingsView Settings() => new("silo",
        [
            new("authority", "CN=north-works", [], Now.AddDays(-9), Now.AddDays(3_641), Hex("authority certificate"), "anew from the authority's key whenever a silo starts"),
            new("devices", "CN=silo.north-works", ["mesh.example", "<b>192.0.2.10</b>"], Now.AddDays(-9), Now.AddDays(81), Hex("silo certificate"), "by itself, 30 days before it ends and at every start", "--device-names"),
            new("operators", "CN=mesh.example", ["mesh.example"], Now.AddDays(-80), Now.AddDays(10), Hex("operator certificate"), "not by the silo: put a new file in its place and restart the silo", "--operator-certificate"),
            new("policy", "site, version 4", [], Now.AddDays(-9), Now.AddDays(356), null, "by itself, when half of its life is over", "trustmesh policy set"),
            new("status-list", "version 7", [], Now.AddMinutes(-4), Now.AddHours(23), null, "by itself, in good time", "trustmesh policy set --grace"),
        ],
        [new("The mesh's log", "for ever: it only grows, 41,204 entries by now"), new("The timeline of a device", "its newest 64 lines; the log has all of them"), new("How long a verdict counts", "10 min", "trustmesh policy set --lifetime")],
        new("sqlite", null,
        [
            new("authority.key", "The mesh: without it every device has to enrol anew.", "cp \"$STATE/authority.key\" /media/offline/"), new("silo.db", "Everything else.", "sqlite3 \"$STATE/silo.db\" \".backup '/mnt/backup/silo.db'\""),
        ]));

    /// <summary>A robot arm is the first of its model; a file of who fails has a hostile name.</summary>
    public WaitingProof? Proof(DeviceSummary device)
    {
        if (device is not { Standing: "pending", ProvenAt: { } proven, ExpiresAt: { } until }) return null;
        var detail = Detail(device with { Status = device.Status });
        var first = device.Model == "robot-arm";
        if (device.Status != "contraindicated" && !first)
            return new(proven, until, 4, 2, device.Status, null, [], 14, 0, 0, [], [.. (detail.Registers ?? []).Where(one => one.Outcome == "pass")]);
        Measurement[] files = [.. detail.Measurements.Where(one => one is { Outcome: "fail" } or { Outcome: "not-compared", Digest: not "absent" }), new("/opt/<script>alert(1)</script>", Hex("odd"), "not-compared")];
        return first ? new(proven, until, 4, null, "none", null, [], 0, files.Length, 0, [.. files.Select(one => one with { Outcome = "not-compared", Expected = null })], [.. (detail.Registers ?? []).Select(one => one with { Outcome = "not-compared", Expected = null })])
            : new(proven, until, 4, 2, "contraindicated", null, [detail.Verdict!.Because.First(line => line.Outcome == "fail"), new("firmware.denied", "TPM firmware", "a version without known leaks", "7.85.4555.0", "policy site #4", "fail")],
                11, files.Count(one => one.Outcome != "fail"), files.Count(one => one.Outcome == "fail"), files, detail.Registers ?? []);
    }
}
