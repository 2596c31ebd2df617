using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using TrustMesh.Agent.Life;
using TrustMesh.Tests.Agent;

namespace TrustMesh.Tests.Attacks;

/// <summary>A silo, honest or not, can tell a device its standing, give it a membership and ask it for evidence. That is all.</summary>
public sealed class A46AgentObedienceTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new(), other = new();
    private readonly RegisterRoot root = new();

    /// <summary>
    /// Not a matter of discipline: the assemblies of the device have no reference to anything that runs or loads code, but for two things the device's own
    /// configuration asks for and nobody else can: nft for admission in the kernel, and the module of a PKCS#11 token.
    /// </summary>
    [Theory]
    [InlineData("trustmesh-agent.dll", "System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo")]
    [InlineData("TrustMesh.Roots.dll", "System.Runtime.InteropServices.NativeLibrary")]
    [InlineData("TrustMesh.Verifier.dll")]
    [InlineData("TrustMesh.Wire.dll")]
    public void A46_Nothing_in_the_device_can_start_a_program_or_load_code(string assembly, params string[] allowed)
    {
        string[] forbidden = ["System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo", "System.Runtime.Loader.AssemblyLoadContext", "System.Reflection.Emit.DynamicMethod",
            "System.Reflection.Emit.AssemblyBuilder", "System.Linq.Expressions.Expression", "System.Reflection.MethodInfo", "System.Reflection.MethodBase", "System.Activator",
            "System.Runtime.InteropServices.NativeLibrary", "System.Runtime.Serialization.Formatters.Binary.BinaryFormatter"];
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToHashSet();
        Assert.NotEmpty(used);
        Assert.Equal(allowed.Order(StringComparer.Ordinal), used.Where(forbidden.Contains).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A46_One_file_starts_nft_and_one_loads_the_module_of_the_token()
    {
        var device = Architecture.SourceTree.Product.Where(file => file.StartsWith("device-runtime/", StringComparison.Ordinal)).ToList();
        Assert.Equal(["device-runtime/Agent/Admission/Nft.cs"], device.Where(file => Architecture.SourceTree.Read(file).Contains("ProcessStartInfo(", StringComparison.Ordinal)));
        Assert.Equal(["device-runtime/Roots/Pkcs11/Cryptoki.cs"], device.Where(file => Architecture.SourceTree.Read(file).Contains("NativeLibrary.Load(", StringComparison.Ordinal)));
    }

    [Fact]
    public void A46_The_native_calls_of_the_agent_are_these_and_no_others()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "trustmesh-agent.dll")));
        var metadata = file.GetMetadataReader();
        var imports = metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => !method.GetImport().Module.IsNil)
            .Select(method => metadata.GetString(method.GetImport().Name)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["fsync", "geteuid", "inotify_add_watch", "inotify_init1", "inotify_rm_watch", "mkdir", "open", "read", "statx"], imports);
    }

    [Fact]
    public async Task A46_A_membership_of_the_authority_is_kept()
    {
        await GivenAsync(() => authority.Membership(root.Device, root.RootPublic));
        Assert.True(File.Exists(folder["state/membership.cbor"]));
    }

    [Theory]
    [InlineData("signed by another key")]
    [InlineData("about another device")]
    [InlineData("of another type")]
    [InlineData("expired")]
    [InlineData("with a byte changed")]
    [InlineData("not a statement")]
    public async Task A46_A_membership_that_is_not_right_in_every_way_is_not_kept(string wrong)
    {
        var life = await GivenAsync(() => wrong switch
        {
            "signed by another key" => authority.Membership(root.Device, root.RootPublic, key: other.Key),
            "about another device" => authority.Membership(new RegisterRoot().Device, root.RootPublic),
            "of another type" => authority.Membership(root.Device, root.RootPublic, typ: "application/vnd.trustmesh.policy+cwt"),
            "expired" => authority.Membership(root.Device, root.RootPublic, until: DateTimeOffset.UtcNow.AddSeconds(-5)),
            "with a byte changed" => Flip(authority.Membership(root.Device, root.RootPublic)),
            _ => [0xa1, 0x00, 0x00],
        });
        Assert.False(File.Exists(folder["state/membership.cbor"]));
        Assert.Contains("was ignored", life, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302, "")]
    [InlineData(200, "text/html")]
    [InlineData(200, "application/json")]
    public async Task A46_An_answer_that_is_not_the_protocols_leads_nowhere(int status, string type)
    {
        await using var elsewhere = await FakeSilo.StartAsync(other);
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Misbehave = async http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = elsewhere.Address.ToString();
            if (type.Length > 0)
            {
                http.Response.ContentType = type;
                await http.Response.Body.WriteAsync("{\"run\": \"rm -rf /\"}"u8.ToArray());
            }
            return true;
        };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Refused);
        Assert.Empty(elsewhere.Connections);
    }

    [Fact]
    public async Task A42_An_endless_answer_is_cut_off()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Misbehave = async http =>
        {
            http.Response.ContentType = "application/cbor";
            var chunk = new byte[64 * 1024];
            for (var i = 0; i < 10_000 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            return true;
        };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.BackingOff);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
        other.Dispose();
    }

    private async Task<string> GivenAsync(Func<ReadOnlyMemory<byte>?> membership)
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Membership = membership;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Waiting);
        return life.Log.ToString();
    }

    private static byte[] Flip(byte[] statement)
    {
        statement[^70] ^= 1;
        return statement;
    }
}
