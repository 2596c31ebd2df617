using System.Security.Cryptography;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Made-up devices of a <see cref="FakeSilo"/> and what they say of each other; the same every time.</summary>
public sealed partial class FakeFleet
{
    private static readonly string[] s_sites = ["oslo", "bergen", "turku", "riga", "gdansk", "kiel", "malmo"];
    private static readonly string[] s_models = ["press", "gateway", "camera", "robot-arm"];
    private static readonly string s_good = Hex("good"), s_bad = Hex("bad");

    public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    public Dictionary<string, DeviceSummary> Devices { get; } = [];

    public static string SiloId { get; } = Id("silo");

    /// <summary>A few devices at one or more sites, every look among them if there are at least twenty.</summary>
    /// <param name="peers">How many others each device examines; none in large fleets, if not said.</param>
    public static FakeFleet Of(int devices, int sites = 1, double calm = 0.6, int? peers = null)
    {
        var fleet = new FakeFleet();
        var random = new Random(7);
        for (var i = 0; i < devices; i++)
        {
            var site = sites <= s_sites.Length ? s_sites[i % sites] : $"site-{i % sites:000}";
            var (standing, status, fresh) = (i % 10, random.NextDouble() < calm) switch
            {
                (_, true) => ("active", "affirming", true),
                (0 or 1, _) => ("active", "contraindicated", true),
                (2 or 3, _) => ("active", "affirming", false),
                (4, _) => ("active", "warning", true),
                (5, _) => ("active", "none", false),
                (6, _) => ("pending", "none", false),
                (7, _) => ("suspended", "affirming", true),
                (8, _) => ("revoked", "contraindicated", true),
                _ => ("active", "affirming", true),
            };
            fleet.Add($"{s_models[i % s_models.Length]}-{i + 1}", site, s_models[i % s_models.Length], standing, status, fresh, random.Next(2, 50), i % 9 == 4 ? "software" : i % 7 == 5 ? "hardware-key" : "tpm-quote");
        }
        fleet.Introduce(peers ?? (devices <= 100 ? 4 : 0));
        return fleet;
    }

    public DeviceSummary Add(string name, string site, string model, string standing = "active", string status = "affirming", bool fresh = true, int age = 10, string tier = "tpm-quote")
    {
        var proven = Now.AddSeconds(fresh ? -age : -age - 700);
        var device = new DeviceSummary(
            Id(name + Devices.Count), name, site, model, tier, standing, status, fresh, Looks.Of(standing, status, fresh),
            status == "none" ? null : proven, status == "none" ? null : proven.AddSeconds(600), Now.AddDays(-12), 3,
            status == "none" ? null : Now.AddMinutes(-3), status == "none" || tier != "tpm-quote" ? null : Devices.Count % 3 == 0 ? "00070055119c0000" : "0007005511cb0000",
            status == "none" ? null : $"trustmesh-agent 0.{1 + (Devices.Count % 4 == 1 ? 0 : 1)}.0", status == "none" ? null : Devices.Count % 5 == 0 ? 3 : 4,
            (Devices.Count % 6) switch { 1 => ["lab"], 2 => ["line-3", "prod"], 3 => ["prod"], _ => null });
        Devices.Add(device.Id, device);
        return device;
    }

    public static DeviceSummary Redraw(DeviceSummary device) => device with { Look = Looks.Of(device.Standing, device.Status, device.Fresh) };

    public static GraphNode Node(DeviceSummary device) => new(
        device.Id, device.Name, "device", device.Site, device.Model, device.Tier, device.Standing, device.Status, device.Fresh, device.Look, device.ProvenAt, device.ExpiresAt,
        device.Since, device.EnrolledAt, device.Firmware, device.Agent, device.Policy, device.Tags);

    public GraphEdge Edge(DeviceSummary device) => new(SiloId, device.Id, device.Status, device.Fresh, device.ProvenAt, device.ExpiresAt);

    public GraphSnapshot Snapshot(long sequence) => new(
        sequence, DateTimeOffset.UtcNow, "north-works",
        [new GraphNode(SiloId, "silo-1", "silo", "", "", "tpm-quote", "active", "affirming", true, Looks.Trusted, null, null), .. Devices.Values.Select(Node)],
        [.. Devices.Values.Where(device => device.Standing != "pending").Select(Edge), .. Edges.Values]);

    public MeshView Mesh() => new(
        "north-works", Hex("authority"), "software", SiloId, "0.1.0", 4,
        Looks.All.ToDictionary(look => look, look => Devices.Values.Count(device => device.Look == look)), 18_204, 3, Now.AddHours(-31), "https://192.0.2.10:7443", Coverage());

    public DeviceDetail Detail(DeviceSummary device)
    {
        var failed = device.Status == "contraindicated";
        Because[] because =
        [
            new("quote.magic", "attestation magic", "ff544347", "ff544347", "TPM 2.0 part 2, 10.12.8", "pass"),
            new("quote.signature", "quote signature", "valid under the enrolled key", "valid", "TPM 2.0 part 3, 18.4", "pass"),
            new("quote.nonce", "challenge", "the one we sent", "the one we sent", "RFC 9334, 10.2", "pass"),
            new("log.replay", "measurement log", "replays to PCR 13", "replays to PCR 13", "PROTOCOL.md 6", "pass"),
            new("file", "/app/press.conf", s_good, failed ? s_bad : s_good, $"reference values of {device.Model}, version 2", failed ? "fail" : "pass", failed ? Now.AddMinutes(-3) : null),
            new("secure-boot", "secure boot", "on", "not reported", "policy site version 4", device.Status == "warning" ? "warn" : "not-compared"),
        ];
        var verdict = device.Status == "none" ? null : new DeviceVerdict(
            device.Status, device.Tier, device.ProvenAt!.Value, device.ExpiresAt!.Value, "site", 4, 2,
            new Dictionary<string, int> { ["instance-identity"] = 2, ["hardware"] = 2, ["executables"] = 2, ["configuration"] = failed ? 96 : 2 }, because);
        return new DeviceDetail(
            device,
            new DeviceIdentity("tpm", Hex(device.Id + "root"), Hex(device.Id + "ak"), "CN=TPM EK 0042, issued by CN=Example TPM CA 3", "5f3c2a90", "1.59.0", 14, "trustmesh-agent 0.1.0",
                device.Standing == "active" ? Now.AddDays(failed ? 5 : 21) : null, device.Status == "none" ? null : Hex(device.Id + "tls")),
            verdict,
            [
                new Measurement("/app/press.conf", failed ? s_bad : s_good, failed ? "fail" : "pass", [s_good, Hex("good2")], Now.AddDays(failed ? -0.02 : -40), failed ? 6 : 1_204, 1_210, failed),
                new("/app/bin/press", Hex("press"), "pass", [Hex("press")], Now.AddDays(-40), 1_210, 1_210),
                new("/etc/ssh/sshd_config", Hex("sshd"), "pass", [Hex("sshd")], Now.AddDays(-40), 1_188, 1_210),
                new("/etc/hostname", Hex(device.Name), "not-compared", null, Now.AddDays(-12), null, 1_210),
                new("/etc/trustmesh/agent.json", "absent", "not-compared"),
            ],
            [
                new TrustEvent(0, device.EnrolledAt, device.Id, device.Name, "enrolled", "joined with a token of olga", "device"),
                new TrustEvent(0, device.EnrolledAt.AddMinutes(2), device.Id, device.Name, "approved", "seen in hall 3", "olga"),
                new TrustEvent(0, Now.AddMinutes(-3), device.Id, device.Name, "verdict", $"affirming became {device.Status}", "device"),
            ],
            device.Tier != "tpm-quote" ? null :
            [
                new RegisterMeasurement(1, Hex(device.Name + "pcr1"), "not-compared", null, Now.AddDays(-12), 1, 1_180),
                new(7, failed ? s_bad : Hex("pcr7"), failed ? "fail" : "pass", [Hex("pcr7")], Now.AddDays(failed ? -0.02 : -40), failed ? 6 : 1_174, 1_180, failed),
                new(10, Hex(device.Name + "pcr10"), "not-compared"),
            ]);
    }

    public PolicyView Policy { get; set; } = new(
        "site", 4, "sha256", [0, 1, 7], 13, 600, 60, ["tpm-quote", "software"], true, ["/var/lib/app/*.db"], ["1.38.*"], "fail",
        DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(356));

    public IReadOnlyList<ReferenceView> References() =>
    [
        new("press", 2, Now.AddDays(170), new Dictionary<string, IReadOnlyList<string>>
        {
            ["/app/press.conf"] = [s_good, Hex("good2")], ["/app/bin/press"] = [Hex("press")], ["/etc/ssh/sshd_config"] = [Hex("sshd")],
        }, new Dictionary<string, IReadOnlyList<string>> { ["7"] = [Hex("pcr7")] }),
    ];

    public IReadOnlyList<OutlierView> Outliers() => Devices.Values.LastOrDefault(device => device is { Status: "contraindicated", Standing: "active" }) is not { } odd ? [] :
    [
        new("press", "/etc/ssh/sshd_config", Hex("sshd2"), [Hex("sshd")], 412, 1_210, false, Now.AddHours(-5), odd.Id, odd.Name),
        new("press", "/app/press.conf", s_bad, [s_good, Hex("good2")], 6, 1_210, true, Now.AddMinutes(-29), odd.Id, odd.Name),
        new("press", "PCR 7", s_bad, [Hex("pcr7")], 6, 1_180, true, Now.AddMinutes(-29), odd.Id, odd.Name, 7),
    ];

    private static string Id(string name) => DeviceId.FromRootKey(Encoding.UTF8.GetBytes(name)).Text;

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Decoded evidence; a file of it has a hostile name.</summary>
    public EvidenceView Evidence(DeviceSummary device, DateTimeOffset at) => new(at, 4, 2, 2_914, new string('c', 64),
    [
        new("claims", "What the device says of itself.", [new("ueid", device.Id), new("eat_nonce", new string('a', 64)), new("bootcount", "42"), new("swname", "trustmesh-agent")]),
        new("attest", "What the TPM signed.", [new("magic", "ff544347"), new("type", "quote"), new("clock", "86400000 ms"), new("pcrSelect Sha256", "0, 7, 13"), new("pcrDigest", new string('b', 64))]),
        new("log", "Measurements of boot 42.", [new("0 file /app/press.conf", new string('d', 64)), new("1 file <script>alert(1)</script>", new string('e', 64))]),
    ]);
}
