namespace TrustMesh.Wire.Tpm;

/// <summary>
/// A TPM response code as people can use it (part 1, 39; part 2, 6.6). <paramref name="Raw"/> is what came, with the layer a resource
/// manager puts into the upper half.
/// </summary>
public sealed record TpmError(uint Raw)
{
    private const uint FormatOne = 0x80, IsParameter = 0x40, Vendor = 0x400, Version2 = 0x100;

    /// <summary>The code without its place; what code may branch on.</summary>
    public TpmRc Rc => (TpmRc)((Raw & FormatOne) != 0 ? Raw & 0xbf : Raw & 0xfff);

    /// <summary>True for "not now": the same command may be sent again after a pause.</summary>
    public bool IsTransient => Rc is TpmRc.Retry or TpmRc.Yielded or TpmRc.Testing or TpmRc.NvRate;

    /// <summary>True when a handle names nothing any more: the TPM was reset, or another program flushed it.</summary>
    public bool IsGone => Rc is TpmRc.Handle or TpmRc.ReferenceH0 or TpmRc.ReferenceH1;

    /// <summary>"parameter 2", "handle 1", "session 1"; null where the code does not say.</summary>
    public string? Place
    {
        get
        {
            if ((Raw & FormatOne) == 0) return null;
            var number = Raw >> 8 & 0xf;
            if (number == 0) return null;
            if ((Raw & IsParameter) != 0) return $"parameter {number}";
            return number < 8 ? $"handle {number}" : $"session {number - 8}";
        }
    }

    /// <summary>The standard's name, e.g. TPM_RC_AUTH_FAIL; the number where there is none.</summary>
    public string Name
    {
        get
        {
            if ((Raw & FormatOne) == 0 && (Raw & Vendor) != 0) return $"a vendor's code 0x{Raw:x3}";
            if ((Raw & FormatOne) == 0 && (Raw & Version2) == 0) return $"a TPM 1.2 code 0x{Raw:x3}";
            return Enum.IsDefined(Rc) ? "TPM_RC_" + TpmErrorText.UpperSnake(Rc.ToString()) : $"unknown code 0x{Raw:x3}";
        }
    }

    /// <summary>One sentence: what is wrong, where, and what to do about it.</summary>
    public string Sentence => $"{TpmErrorText.Meaning(this)} ({Name}{(Place is null ? "" : ", " + Place)}, 0x{Raw:x}). {TpmErrorText.Remedy(this)}";

    public override string ToString() => Sentence;
}
