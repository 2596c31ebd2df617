using System.Diagnostics;
using System.Formats.Cbor;
using System.Reflection;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Fuzz;

/// <summary>
/// Changed inputs against every parser of Wire, for a bounded time: TRUSTMESH_FUZZ_SECONDS per parser (default 1), starting from
/// TRUSTMESH_FUZZ_SEED (default 1), so that a run can be repeated and another one tried.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    public static TheoryData<FuzzTarget> Targets => FuzzTargets.Theory;

    /// <summary>Formats of others, and the one whose inputs begin with a tag.</summary>
    private static readonly string[] NotCbor = ["DeviceId.FromUeid", "ReferenceValues.DecodePayload", "EntryBundle.Decode", "SignedNote.Decode", "Checkpoint.Decode", "DerSignature.Decode", "ClientData.Decode", "AuthenticatorData.Decode"];

    private static double Seconds { get; } = double.Parse(Environment.GetEnvironmentVariable("TRUSTMESH_FUZZ_SECONDS") ?? "1");

    private static int Seed { get; } = int.Parse(Environment.GetEnvironmentVariable("TRUSTMESH_FUZZ_SEED") ?? "1");

    [Theory]
    [MemberData(nameof(Targets))]
    public void Only_WireExceptions_come_out_and_accepted_bytes_are_the_one_encoding(FuzzTarget target)
    {
        foreach (var seed in target.Seeds) Assert.True(Check(target, seed), $"{target.Name} refuses its own seed");
        var mutator = new Mutator(target.Seeds, Seed);
        var (iteration, accepted) = (0, 0);
        var clock = Stopwatch.StartNew();
        while (iteration < 200 || clock.Elapsed.TotalSeconds < Seconds)
        {
            var bytes = mutator.Next(iteration++);
            try
            {
                if (Check(target, bytes)) accepted++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{target.Name}, seed {Seed}, iteration {iteration - 1}: {Convert.ToHexStringLower(bytes)}", e);
            }
        }
        output.WriteLine($"{target.Name}: seed {Seed}, {iteration} inputs, {accepted} accepted");
    }

    [Fact]
    public void Every_decoder_of_Wire_is_a_target()
    {
        var decoders = typeof(WireException).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.StartsWith("Decode", StringComparison.Ordinal))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct();
        Assert.Empty(decoders.Except(FuzzTargets.All.Select(target => target.Name)));
    }

    [Fact]
    public void Texts_of_device_ids_are_accepted_in_one_form()
    {
        var random = new Random(Seed);
        var text = Tests.Wire.Samples.Device.Text;
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var changed = text.ToCharArray();
            changed[random.Next(changed.Length)] = (char)random.Next(0x20, 0x180);
            if (!DeviceId.TryParse(new(changed), out var id)) continue;
            accepted++;
            Assert.Equal(new string(changed), DeviceId.FromUeid(id.ToUeid()).Text);
        }
        Assert.NotEqual(0, accepted);
    }

    /// <summary>True if the bytes were accepted; then the law has to hold.</summary>
    private static bool Check(FuzzTarget target, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        byte[]? again;
        try
        {
            again = target.Recode(bytes);
        }
        catch (WireException e)
        {
            AssertModest(before, bytes.Length);
            Assert.InRange(e.Offset, 0, bytes.Length);
            return false;
        }
        AssertModest(before, bytes.Length);
        switch (target.Law)
        {
            case FuzzLaw.Identity:
                Assert.Equal(bytes, again);
                break;
            case FuzzLaw.Stable:
                Assert.Equal(again, target.Recode(again!));
                break;
            default:
                Assert.Null(again);
                break;
        }
        if (!NotCbor.Contains(target.Name) && !target.Name.StartsWith("Tpm", StringComparison.Ordinal)) AssertCanonical(bytes);
        return true;
    }

    /// <summary>Memory in proportion to the bytes that are there, never to a length they claim.</summary>
    private static void AssertModest(long before, int length)
        => Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024 + 128L * length);

    /// <summary>The referee: what our reader accepted, the framework's accepts in the mode that has the same rules (less tag 18, which it refuses).</summary>
    private static void AssertCanonical(byte[] bytes)
    {
        var reader = new CborReader(bytes.AsMemory(bytes[0] == 0xd2 ? 1 : 0), CborConformanceMode.Ctap2Canonical);
        reader.SkipValue();
        Assert.Equal(0, reader.BytesRemaining);
    }
}
