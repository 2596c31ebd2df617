using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What devices of a <see cref="FakeFleet"/> that wait have proven.</summary>
public sealed partial class FakeFleet
{
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
