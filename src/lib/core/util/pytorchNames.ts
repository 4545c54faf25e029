/** Names of PyTorch's for what is not here, near to names that are: nobody means the others by them. Source: torch 2.13. */
export const missingNames: ReadonlySet<string> = new Set(
  (
    'acos acosh Adamax AdaptiveAvgPool1d adaptiveAvgPool1d adaptiveAvgPool3d AdaptiveAvgPool3d ' +
    'adaptiveMaxPool2d AdaptiveMaxPool2d addbmm addcmul addmv addr amax amin aminmax arccos arcsin ' +
    'arcsinh arctan arctanh argwhere ASGD asin asinh atan atan2 atanh AvgPool3d avgPool3d baddbmm ' +
    'BatchNorm3d bfloat16 Bilinear bilinear canCast cdouble celu CELU cfloat clampMax clampMin cond conj ' +
    'conv1d conv2d Conv3d conv3d convTbc cosh cov cross CTCLoss ctcLoss cummax cummin cumprod dataPtr ' +
    'deg2rad det detach diag diff dist divide dropout1d Dropout1d dropout2d Dropout2d Dropout3d dropout3d ' +
    'dsmm dsplit dstack einsum embeddingBag EmbeddingBag erfc erfinv exp2 finfo fliplr flipud fmax fmin ' +
    'fmod frac frexp fromFile geqrf ger getDevice GLU glu greater hashTensor hsmm hsplit hstack iinfo ' +
    'imag isConj isContiguous isin isIpu isMaia isMeta isNeg isneginf isposinf isreal klDiv kron kthvalue ' +
    'ldexp lerp less linearCrossEntropy lobpcg logaddexp logcumsumexp logdet logit logspace LPPool1d ' +
    'lpPool1d LPPool2d lpPool2d lstm lu maxPool3d MaxPool3d MaxUnpool1d maxUnpool1d maxUnpool2d ' +
    'MaxUnpool2d MaxUnpool3d maxUnpool3d median mH msort NAdam nanmean nansum notEqual ParameterDict ' +
    'prelu qScale RAdam randintLike range ravel renorm resizeAs rmsNorm rnnRelu rnnTanh rowStack Rprop ' +
    'RReLU rrelu rsub saddmm scatter selu sgn signbit sinc sinh smm Softmax2d softmin Softmin solve spmm ' +
    'sspaddmm stdMean stft svd symFloat symInt symIte symMax symMin symSqrt symSum take tensordot tile ' +
    'unfold vander varMean vdot vmap vsplit vstack xlogy'
  ).split(' '),
)
