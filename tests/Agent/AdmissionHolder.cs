using System.Diagnostics;
using System.Net;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Configuration;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>
/// A process of its own that closes the doors of its network, lets one peer in and then holds on until it is killed: what is left of an agent to the
/// kernel. It is this test program itself, told to run one method.
/// </summary>
public sealed class AdmissionHolder
{
    public const string Ready = "let in";

    private const string Peer = "TRUSTMESH_TEST_PEER", Lifetime = "TRUSTMESH_TEST_LIFETIME";

    public static Process Start(NetworkNamespace device, IPAddress peer, TimeSpan lifetime)
        => device.Start([Path.Combine(AppContext.BaseDirectory, "TrustMesh.Tests"), "-noLogo", "-noColor", "-explicit", "only", "-showLiveOutput", "-method", $"{typeof(AdmissionHolder).FullName}.{nameof(Hold)}"],
            new Dictionary<string, string> { [Peer] = peer.ToString(), [Lifetime] = $"{(int)lifetime.TotalSeconds}" });

    [Fact(Explicit = true)]
    public async Task Hold()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Peer) is { Length: > 0 }, "runs only as a process that another test starts");
        await using var doors = new NftAdmission(Nft.Find(), NftTable.Of("/var/lib/trustmesh-agent"), ClosedDevice.Mesh, []);
        await doors.CloseAsync(CancellationToken.None);
        await doors.AdmitAsync(IPAddress.Parse(Environment.GetEnvironmentVariable(Peer)!), TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(Lifetime)!)), CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine(Ready);
        await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
    }
}
