using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>What a TPM remembers in NV, and what happens where it can not.</summary>
public sealed class TpmMemoryTests : IDisposable
{
    private const string Index = "0x01800f54";

    private readonly Swtpm swtpm = Swtpm.Start();
    private readonly InstantTime time = new();

    [Fact]
    public void The_index_holds_what_was_remembered_with_the_attributes_that_were_meant()
    {
        using (var root = TpmRoot.Open(swtpm.Settings(), time))
        {
            Assert.Empty(root.Notes);
            root.Remember(Memory(7));
        }
        var area = swtpm.Tool("tpm2_nvreadpublic", Index);
        Assert.Contains("ownerwrite|authwrite|ownerread|authread|no_da|written", area.Replace(" ", "", StringComparison.Ordinal));
        Assert.Contains("size: 32", area);
        swtpm.Tool("tpm2_nvread", Index, "-C", Index, "-o", "read");
        Assert.Equal(Memory(7), swtpm.File("read"));
        Assert.False(File.Exists(Path.Combine(swtpm.Settings().StateDirectory, "memory")));
    }

    [Fact]
    public void It_survives_power_cuts_and_a_lost_state_directory()
    {
        using (var root = TpmRoot.Open(swtpm.Settings(), time)) root.Remember(Memory(7));
        swtpm.Restart();
        Directory.Delete(swtpm.Settings().StateDirectory, recursive: true);
        using var again = TpmRoot.Open(swtpm.Settings(), time);
        Assert.Equal(Memory(7), again.Recall());
    }

    [Fact]
    public void An_owner_password_set_later_stops_nothing()
    {
        using (var root = TpmRoot.Open(swtpm.Settings(), time)) root.Remember(Memory(7));
        swtpm.Tool("tpm2_changeauth", "-c", "owner", "secret");
        using var again = TpmRoot.Open(swtpm.Settings(), time);
        Assert.Empty(again.Notes);
        Assert.Equal(Memory(7), again.Recall());
        again.Remember(Memory(8));
        Assert.Equal(Memory(8), again.Recall());
    }

    [Fact]
    public void A_TPM_whose_owner_has_a_password_still_makes_a_device_and_says_what_that_costs()
    {
        swtpm.Tool("tpm2_changeauth", "-c", "owner", "secret");
        using (var root = TpmRoot.Open(swtpm.Settings(), time))
        {
            var note = Assert.Single(root.Notes);
            foreach (var word in (string[])["owner has a password", "tpm2_changeauth -c owner", "not noticed"]) Assert.Contains(word, note);
            root.Remember(Memory(7));
            Assert.Equal(Memory(7), root.Recall());
        }
        // The fix that the note names: from then on the TPM remembers, starting with what the file held.
        swtpm.Tool("tpm2_changeauth", "-c", "owner", "-p", "secret");
        using var mended = TpmRoot.Open(swtpm.Settings(), time);
        Assert.Empty(mended.Notes);
        Assert.Equal(Memory(7), mended.Recall());
        mended.Remember(Memory(8));
        Assert.Equal(Memory(8), mended.Recall());
        Assert.False(File.Exists(Path.Combine(swtpm.Settings().StateDirectory, "memory")));
    }

    [Fact]
    public void The_index_an_owner_makes_with_the_command_of_the_note_is_taken()
    {
        swtpm.Tool("tpm2_nvdefine", Index, "-C", "o", "-s", "32", "-a", "ownerwrite|authwrite|ownerread|authread|no_da");
        using var channel = new FaultyChannel(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        root.Remember(Memory(7));
        Assert.Equal(Memory(7), root.Recall());
        Assert.DoesNotContain(TpmCommandCode.NvDefineSpace, channel.Asked);
    }

    [Theory]
    [InlineData(0x14bu, "no NV space left")]
    [InlineData(0x185u, "owner hierarchy is switched off")]
    [InlineData(0x143u, "makes no such NV index")]
    [InlineData(0x2c2u, "makes no such NV index")]
    [InlineData(0x9a2u, "owner has a password")]
    public void A_refusal_that_lasts_is_a_note(uint code, string expected)
    {
        using var channel = new FaultyChannel(swtpm.Address);
        channel.Before = asked => asked == TpmCommandCode.NvDefineSpace ? FaultyChannel.Refusal(code) : null;
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        Assert.Contains(expected, Assert.Single(root.Notes));
        root.Remember(Memory(1));
        Assert.Equal(Memory(1), root.Recall());
    }

    [Theory]
    [InlineData(0x922u, "TPM_RC_RETRY")]
    [InlineData(0x923u, "TPM_RC_NV_UNAVAILABLE")]
    [InlineData(0x101u, "TPM_RC_FAILURE")]
    [InlineData(0x921u, "TPM_RC_LOCKOUT")]
    public void Passing_trouble_weakens_no_device(uint code, string expected)
    {
        using var channel = new FaultyChannel(swtpm.Address);
        channel.Before = asked => asked == TpmCommandCode.NvDefineSpace ? FaultyChannel.Refusal(code) : null;
        Assert.Contains(expected, Assert.Throws<RootException>(() => TpmRoot.Open(swtpm.Settings(), channel, time)).Message);
    }

    [Fact]
    public void An_index_of_other_software_is_left_alone()
    {
        swtpm.Tool("tpm2_nvdefine", Index, "-C", "o", "-s", "64", "-a", "ownerread|ownerwrite|authread");
        Assert.Contains("belongs to other software", Assert.Throws<RootException>(() => TpmRoot.Open(swtpm.Settings(), time)).Message);
    }

    /// <summary>Fault table: a writing fails once before the TPM saw it and once after.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_writing_that_fails_is_told_and_leaves_old_or_new_memory(bool persisted)
    {
        var channel = new FaultyChannel(swtpm.Address);
        using (var root = TpmRoot.Open(swtpm.Settings(), channel, time))
        {
            root.Remember(Memory(1));
            if (persisted) channel.After = (asked, answer) => asked == TpmCommandCode.NvWrite ? throw new IOException("pulled out") : answer;
            else channel.Before = asked => asked == TpmCommandCode.NvWrite ? throw new IOException("pulled out") : null;
            Assert.Throws<RootException>(() => root.Remember(Memory(2)));
        }
        using var again = TpmRoot.Open(swtpm.Settings(), time);
        Assert.Equal(Memory((byte)(persisted ? 2 : 1)), again.Recall());
    }

    [Fact]
    public void A_refused_writing_or_reading_is_a_sentence()
    {
        using var channel = new FaultyChannel(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings(), channel, time);
        channel.Before = asked => asked is TpmCommandCode.NvWrite or TpmCommandCode.NvRead ? FaultyChannel.Refusal(0x148) : null;
        var refused = Assert.Throws<RootException>(() => root.Remember(Memory(1))).Message;
        foreach (var word in (string[])["remembering", "TPM2_NvWrite", "TPM_RC_NV_LOCKED"]) Assert.Contains(word, refused);
        channel.Before = null;
        root.Remember(Memory(1));
        channel.Before = asked => asked == TpmCommandCode.NvRead ? FaultyChannel.Refusal(0x149) : null;
        Assert.Contains("TPM_RC_NV_AUTHORIZATION", Assert.Throws<RootException>(() => root.Recall()).Message);
    }

    [Fact]
    public void Nothing_stays_loaded_after_remembering()
    {
        using (var root = TpmRoot.Open(swtpm.Settings(), time))
        {
            root.Remember(Memory(1));
            root.Recall();
            Assert.NotEmpty(root.Prove(Drafts.For(root, new byte[32])).Quote!.Values);
        }
        Assert.Empty(swtpm.Tool("tpm2_getcap", "handles-transient").Trim());
        Assert.Empty(swtpm.Tool("tpm2_getcap", "handles-loaded-session").Trim());
    }

    public void Dispose() => swtpm.Dispose();

    private static byte[] Memory(byte value) => [.. Enumerable.Repeat(value, 32)];
}
